const MOST_NAMES = 10_000;

export interface LimiterOptions {
  /** How often each name comes through within that time; 0: ever so often. */
  readonly points: number;
  readonly seconds: number;
  /** How many names are remembered; the one that came first gives way. */
  readonly most?: number;
}

interface Window {
  count: number;
  /** ms of `performance.now`. */
  readonly endsAt: number;
}

/**
 * Counts per name, in windows that begin with a name's first time. It answers at once: every request passes several of
 * these, and libraries that may ask a database have a promise, and a turn of the microtasks, for each.
 */
export class BoundedLimiter {
  readonly #points: number;
  readonly #lengthMs: number;
  readonly #most: number;
  /** In the order of their ends. */
  readonly #windows = new Map<string, Window>();

  constructor({ points, seconds, most = MOST_NAMES }: LimiterOptions) {
    this.#points = points;
    this.#lengthMs = seconds * 1_000;
    this.#most = most;
  }

  /** Takes one; answers 0, or in how many ms to try again. */
  take(name: string): number {
    if (this.#points === 0) return 0;
    const now = performance.now();
    const window = this.#windowOf(name, now);
    window.count += 1;
    return window.count <= this.#points ? 0 : Math.max(1, Math.ceil(window.endsAt - now));
  }

  giveBack(name: string): void {
    const window = this.#windows.get(name);
    if (window !== undefined) window.count -= 1;
  }

  #windowOf(name: string, now: number): Window {
    const known = this.#windows.get(name);
    if (known !== undefined && known.endsAt > now) return known;
    const begun = { count: 0, endsAt: now + this.#lengthMs };
    this.#windows.delete(name);
    this.#windows.set(name, begun);
    for (const [oldest, { endsAt }] of this.#windows) {
      if (endsAt > now && this.#windows.size <= this.#most) break;
      this.#windows.delete(oldest);
    }
    return begun;
  }
}
