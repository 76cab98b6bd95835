import type { Store } from '../../domain/store.ts';

/**
 * A number that is higher after every start of the garden, of its runtime, and every switch of its broker: devices and
 * RIPE tell by it what an earlier one has sent.
 */
export class Epoch {
  readonly #store: Pick<Store, 'write' | 'commit'>;
  readonly #onError: (error: unknown) => void;
  readonly #watching = new Set<(epoch: number) => void>();
  #present = 0;
  #highest = 0;

  constructor(store: Pick<Store, 'write' | 'commit'>, onError: (error: unknown) => void) {
    this.#store = store;
    this.#onError = onError;
  }

  get present(): number {
    return this.#present;
  }

  /** The highest one of earlier runs, out of the store. */
  resume(epoch: number): void {
    this.#present = epoch;
    this.#highest = epoch;
  }

  /**
   * Resolves with the new epoch once it is on disk: no later run uses it again. Never rejects: where the store does not
   * take it the epoch is in force all the same, since water has to stop also with a full disk.
   * `above`: one that a broker tells of; the new one is higher.
   */
  async raise(above = 0): Promise<number> {
    this.#highest = Math.max(this.#highest, above) + 1;
    const epoch = this.#highest;
    this.#store.write({ type: 'epochRaised', epoch });
    await this.#store.commit().catch(this.#onError);
    // Several may be on their way to the disk at once.
    if (epoch > this.#present) {
      this.#present = epoch;
      for (const watch of [...this.#watching]) watch(epoch);
    }
    return epoch;
  }

  /** Calls back with each new epoch; the answer ends that. */
  onRaised(watch: (epoch: number) => void): () => void {
    this.#watching.add(watch);
    return () => this.#watching.delete(watch);
  }
}
