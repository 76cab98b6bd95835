import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

const MOST_NAMES = 10_000;

export interface LimiterOptions {
  /** How often each name comes through within that time; 0: ever so often. */
  readonly points: number;
  readonly seconds: number;
  /** How many names are remembered; the one that came first gives way. */
  readonly most?: number;
}

/** Counts per name. The library forgets a name when its time is over; that many at once are remembered, is our bound. */
export class BoundedLimiter {
  readonly #limiter: RateLimiterMemory | null;
  readonly #most: number;
  readonly #names = new Set<string>();

  constructor({ points, seconds, most = MOST_NAMES }: LimiterOptions) {
    this.#limiter = points === 0 ? null : new RateLimiterMemory({ points, duration: seconds });
    this.#most = most;
  }

  /** Takes one; answers 0, or in how many ms to try again. */
  async take(name: string): Promise<number> {
    if (this.#limiter === null) return 0;
    this.#remember(name, this.#limiter);
    try {
      await this.#limiter.consume(name);
      return 0;
    } catch (refusal) {
      if (refusal instanceof RateLimiterRes) return Math.max(1, refusal.msBeforeNext);
      throw refusal;
    }
  }

  giveBack(name: string): void {
    void this.#limiter?.reward(name);
  }

  #remember(name: string, limiter: RateLimiterMemory): void {
    if (this.#names.has(name)) return;
    this.#names.add(name);
    const [oldest] = this.#names;
    if (this.#names.size <= this.#most || oldest === undefined) return;
    this.#names.delete(oldest);
    void limiter.delete(oldest);
  }
}
