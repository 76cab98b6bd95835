import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

type Collect = (options: { type: 'major'; execution: 'sync'; flavor: 'last-resort' }) => void;

/**
 * Looks through the whole heap, and gives back to the operating system what is not needed. What a start has used V8 would
 * keep, since nothing tells it that so much is not to come again. Takes 0.2 s on a fast machine, and as long again for each
 * 100 MB in use: for moments only in which nobody waits.
 */
export function giveBackMemory(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as Collect;
  setFlagsFromString('--no-expose-gc');
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
