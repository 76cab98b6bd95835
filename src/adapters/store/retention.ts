import type { Store } from '../../domain/store.ts';
import type { Clock } from '../../domain/time/clock.ts';

/** For how many days what is kept; 0: for ever. */
export interface KeepDays {
  /** Raw readings, and jobs that have ended. */
  readonly raw: number;
  /** The 30-minute rows. */
  readonly rows: number;
  /** Commands and decisions. */
  readonly history: number;
}

export const KEEP_DAYS: KeepDays = { raw: 90, rows: 0, history: 0 };

export interface RetentionOptions {
  readonly store: Pick<Store, 'prune'>;
  readonly clock: Clock;
  readonly days: KeepDays;
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
    if (Object.values(this.#options.days).every((days) => days === 0)) return;
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
    const now = clock.now();
    const before = (kept: number) => (kept === 0 ? null : now - kept * DAY_MS);
    const raw = before(days.raw);
    const [rowsBefore, historyBefore] = [before(days.rows), before(days.history)];
    try {
      const count = await store.prune({
        readingsBefore: raw,
        jobsBefore: raw,
        rowsBefore,
        historyBefore,
        most: bite,
      });
      return count < bite ? everyMs : pauseMs;
    } catch (error) {
      onError(error);
      return everyMs;
    }
  }
}
