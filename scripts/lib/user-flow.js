// The flow that runs is the user's copy of the bundled one, so that deploying in the editor leaves this repository clean.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { differenceOf } from '../../dist/src/domain/flow-copy.js';

const hashOf = (text) => createHash('sha256').update(text).digest('hex');

/**
 * Makes the copy, and renews it with RIPE for as long as nobody has changed it. Beside it, `flows.origin` remembers which
 * bundled flow it was copied from. Returns null, or what a changed copy lacks (`FlowNotice` of nodes/garden).
 */
export function keepUserFlow(dataDir, bundled) {
  const file = path.join(dataDir, 'flows.json');
  const originFile = path.join(dataDir, 'flows.origin');
  const own = existsSync(file) ? readFileSync(file, 'utf8') : null;
  const origin = existsSync(originFile) ? readFileSync(originFile, 'utf8').trim() : null;
  if (own === null || own === bundled || hashOf(own) === origin) {
    if (own !== bundled) replace(file, bundled);
    if (origin !== hashOf(bundled)) replace(originFile, hashOf(bundled));
    return null;
  }
  if (origin === hashOf(bundled)) return null;
  return { version: hashOf(bundled), ...differenceOf(parsed(own), JSON.parse(bundled)) };
}

/** Never half written: this is the garden's flow. */
function replace(file, text) {
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** Node-RED itself says what is wrong with a file that is no flow. */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return [];
  }
}
