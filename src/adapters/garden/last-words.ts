import type { LastWord } from '../../domain/runtime/sensor-runtime.ts';

export type LastWordsTaker = (words: readonly LastWord[]) => Promise<void>;

/** What a runtime leaves behind when all stops: it goes to the pools directly, since the wires are dead by then. */
export class LastWords {
  readonly #takers = new Set<LastWordsTaker>();

  /** A pool that publishes them; call the answer to step back. */
  takenBy(taker: LastWordsTaker): () => void {
    this.#takers.add(taker);
    return () => this.#takers.delete(taker);
  }

  /** Resolves when every pool has done what it could. */
  async say(words: readonly LastWord[]): Promise<void> {
    if (words.length === 0) return;
    await Promise.allSettled([...this.#takers].map((take) => take(words)));
  }
}
