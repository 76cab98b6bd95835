import type { Store } from '../../domain/store.ts';
import type { Clock } from '../../domain/time/clock.ts';
import { within } from '../clock/within.ts';

/** Seconds since then fit the 32 bits of a small device for long. */
const BEGINNING = Date.UTC(2020, 0, 1);
const PATIENCE_MS = 2_000;

export interface EpochPorts {
  readonly store: Pick<Store, 'write' | 'commit'>;
  readonly clock: Clock;
  /** So long an epoch waits at most to be stored. */
  readonly patienceMs?: number;
  onError(error: unknown): void;
}

/**
 * A number that is higher after every start of the garden, of its runtime, and every switch of its broker: devices and
 * RIPE tell by it what an earlier one has sent. It follows the clock where that is ahead: devices would refuse everything
 * from a garden that was restored from an older backup and merely counted on.
 */
export class Epoch {
  readonly #ports: EpochPorts;
  readonly #watching = new Set<(epoch: number) => void>();
  #present = 0;
  #highest = 0;

  constructor(ports: EpochPorts) {
    this.#ports = ports;
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
   * take it, or takes its time, the epoch is in force all the same, since a broker is told to stop water only after it.
   * `above`: one that a broker tells of; the new one is higher.
   */
  async raise(above = 0): Promise<number> {
    const { store, clock, patienceMs = PATIENCE_MS, onError } = this.#ports;
    const byClock = Math.floor((clock.now() - BEGINNING) / 1_000);
    this.#highest = Math.max(this.#highest + 1, above + 1, byClock);
    const epoch = this.#highest;
    store.write({ type: 'epochRaised', epoch });
    await within(store.commit(), patienceMs).catch(onError);
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
