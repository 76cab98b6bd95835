import { FairQueue } from '../../domain/collections/fair-queue.ts';

/** Less is no work to rest from. */
const SHORT_MS = 1;
const LONGEST_REST_MS = 100;

/**
 * Reads of the history, one at a time, sensor by sensor. A database in this process has everybody wait while it reads, and
 * so does what makes an answer of what was read. After each turn comes a pause as long as it took: commands get half of the
 * time at least, whoever asks for how much.
 */
export class Turns {
  readonly #queue = new FairQueue();

  /** Resolves when this sensor may read; its turn lasts until the next one of the event loop. */
  async take(sensor: number): Promise<void> {
    const leave = await this.#queue.enter(sensor);
    const begun = performance.now();
    setImmediate(() => {
      const tookMs = performance.now() - begun;
      if (tookMs < SHORT_MS) leave();
      else setTimeout(leave, Math.min(tookMs, LONGEST_REST_MS));
    });
  }
}
