import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  readFileSync,
  realpathSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { copyIn, type FlowNode, normalText, withRenewedCopy } from '../domain/flow-copy.ts';

/** What tells one version of the bundled flow, or a copy of it, from another. */
export const flowHash = (copy: readonly FlowNode[]): string =>
  createHash('sha256').update(normalText(copy)).digest('hex');

/** Which bundled flow the user's copy was made of, by its hash; null: nobody has seen one yet. */
export function readOrigin(file: string): string | null {
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : null;
}

export function writeOrigin(file: string, hash: string): void {
  replace(file, `${hash}\n`);
}

/**
 * Puts the bundled flow in the place of the copy in a flow file, if that is, but for nothing, the one of `origin`. The former file
 * is kept beside it as `.before-ripe`. Returns whether it did; throws what the file system throws.
 */
export function renewCopy(file: string, bundled: readonly FlowNode[], origin: string): boolean {
  if (!existsSync(file)) return false;
  const text = readFileSync(file, 'utf8');
  const flow = flowIn(text);
  const copy = copyIn(flow, bundled);
  const isAsItCame = copy.length > 0 && flowHash(copy) === origin;
  if (!isAsItCame || origin === flowHash(copyIn(bundled, bundled))) return false;
  copyFileSync(file, `${file}.before-ripe`);
  replace(file, JSON.stringify(withRenewedCopy(flow, bundled), null, text.includes('\n') ? 4 : 0));
  return true;
}

/** Node-RED itself says what is wrong with a file that is no flow. */
function flowIn(text: string): FlowNode[] {
  try {
    const flow: unknown = JSON.parse(text);
    return Array.isArray(flow) ? (flow as FlowNode[]) : [];
  } catch {
    return [];
  }
}

/** Never half written: this is the garden's flow. What others may do with it stays as it is. */
function replace(file: string, text: string): void {
  const place = existsSync(file) ? realpathSync(file) : file;
  const mode = existsSync(file) ? statSync(place).mode : 0o600;
  writeFileSync(`${place}.new`, text, { mode, flush: true });
  renameSync(`${place}.new`, place);
}
