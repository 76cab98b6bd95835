import { readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Census } from '../support/census.ts';
import type { Ripe } from './ripe.ts';

const PRELOAD = path.resolve(import.meta.dirname, '../preload/census.ts');
/** Not oftener: each time all memory is looked through, and RIPE does nothing else meanwhile. */
const LOOK_EVERY_MS = 1_000;
const WITHIN_MS = 20_000;
/** So many times in a row the same: nothing is under way any more. */
const SAME = 3;

/** What there is in a RIPE that runs: by its own word, and by what the operating system says of its sockets. */
export class RipeCensus {
  readonly env: Readonly<Record<string, string>>;
  readonly #file: string;

  constructor(folder: string) {
    this.#file = path.join(folder, 'census.json');
    this.env = { NODE_OPTIONS: `--import=${PRELOAD}`, CHAOS_CENSUS: this.#file };
  }

  /** Counts again and again until the same comes out, within 20 s at most. */
  async calm(ripe: Ripe): Promise<Census> {
    const until = performance.now() + WITHIN_MS;
    let last = await this.#take(ripe);
    for (let same = 0; same < SAME && performance.now() < until; await pause(LOOK_EVERY_MS)) {
      const now = await this.#take(ripe);
      same = JSON.stringify(now) === JSON.stringify(last) ? same + 1 : 0;
      last = now;
    }
    return last;
  }

  async #take({ pid }: Ripe): Promise<Census> {
    rmSync(this.#file, { force: true });
    process.kill(pid, 'SIGWINCH');
    const until = performance.now() + WITHIN_MS;
    while (performance.now() < until) {
      try {
        return { ...JSON.parse(readFileSync(this.#file, 'utf8')), openSockets: openSockets(pid) };
      } catch {
        await pause(5);
      }
    }
    throw new Error('RIPE says nothing of what there is in it');
  }
}

function openSockets(pid: number): number {
  const folder = `/proc/${pid}/fd`;
  const isSocket = (descriptor: string): boolean => {
    try {
      return readlinkSync(path.join(folder, descriptor)).startsWith('socket:');
    } catch {
      return false;
    }
  };
  return readdirSync(folder).filter(isSocket).length;
}
