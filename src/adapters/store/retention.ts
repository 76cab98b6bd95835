import type { Clock } from '../../domain/clock.ts';
import type { Store } from '../../domain/store.ts';

export interface RetentionOptions {
  readonly store: Pick<Store, 'prune'>;
  readonly clock: Clock;
  /** How long raw readings and ended jobs are kept; 0: for ever. */
  readonly days: number;
  readonly onError: (error: unknown) => void;
  readonly everyMs?: number;
  /** How many rows are deleted at once, and how long everybody else has the database in between. */
  readonly bite?: number;
  readonly pauseMs?: number;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const BITE = 500;
const PAUSE_MS = 50;

/** Deletes what is old: once after the start and then every hour, in bites between which everything else goes on. */
export class Retention {
  readonly #options: RetentionOptions;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = true;
  #bite: Promise<void> = Promise.resolve();

  constructor(options: RetentionOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#options.days === 0) return;
    this.#isStopped = false;
    this.#wait(0);
  }

  /** Resolves when it works no more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#bite;
  }

  #wait(ms: number): void {
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => {
      this.#bite = this.#prune().then((delayMs) => this.#wait(delayMs));
    }, ms);
  }

  /** Takes one bite; answers how long to wait for the next. */
  async #prune(): Promise<number> {
    const { store, clock, days, onError, bite = BITE, pauseMs = PAUSE_MS, everyMs = HOUR_MS } = this.#options;
    const before = clock.now() - days * DAY_MS;
    try {
      const count = await store.prune({ readingsBefore: before, jobsBefore: before, most: bite });
      return count < bite ? everyMs : pauseMs;
    } catch (error) {
      onError(error);
      return everyMs;
    }
  }
}
