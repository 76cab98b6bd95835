// The flow that runs is the user's copy of the bundled one, so that deploying in the editor leaves this repository clean.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const hashOf = (text) => createHash('sha256').update(text).digest('hex');

/**
 * Makes the copy, and renews it with RIPE for as long as nobody has changed it. Beside it, `flows.origin` remembers which
 * bundled flow it was copied from. Returns null, or the lines that tell what a changed copy lacks.
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
  return origin === hashOf(bundled) ? null : missing(JSON.parse(bundled), parsed(own));
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

function missing(bundled, own) {
  const known = new Set(own.map(({ id }) => id));
  const news = bundled.filter(({ id, type }) => !known.has(id) && !['group', 'comment'].includes(type));
  const names = news.map(({ type, name }) => (name ? `${name} (${type})` : type));
  return [
    'This RIPE brings a newer flow than yours, which you have changed and which stays as it is.',
    names.length > 0
      ? `Yours lacks: ${names.join(', ')}.`
      : 'Yours has all of its nodes, with other settings.',
    'To see the new one: Import, Examples, @ripe-iot/node-red-ripe. To start with it: move flows.json away.',
  ];
}
