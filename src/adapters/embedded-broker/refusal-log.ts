import type { Clock } from '../../domain/time/clock.ts';

const ONCE_IN_MS = 60_000;
const MOST_NAMES = 1_000;

/** Lets one report per name and minute through: a device that is wrong once is wrong with every message. */
export class RefusalLog {
  readonly #clock: Clock;
  /** In the order of time, so the first one is the oldest. */
  readonly #reported = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  isDue(name: string): boolean {
    const now = this.#clock.now();
    const last = this.#reported.get(name);
    if (last !== undefined && now - last < ONCE_IN_MS) return false;
    this.#reported.delete(name);
    this.#reported.set(name, now);
    for (const [oldest, at] of this.#reported) {
      if (now - at < ONCE_IN_MS && this.#reported.size <= MOST_NAMES) break;
      this.#reported.delete(oldest);
    }
    return true;
  }
}
