const LONGEST_WAIT_MS = 5_000;
/** A broker that drops us sooner than this has failed like one that did not answer. */
const STEADY_MS = 5_000;

export interface Turn {
  index: number;
  waitMs: number;
}

/**
 * Which broker to try next, and after what wait: round the list, with a pause only after a whole round
 * without success. Another policy (a preferred broker, all at once) replaces this file.
 */
export class BrokerRotation {
  readonly #size: number;
  readonly #retryMs: number;
  readonly #random: () => number;
  #next = 0;
  #failures = 0;

  constructor(size: number, retryMs: number, random: () => number = Math.random) {
    this.#size = size;
    this.#retryMs = retryMs;
    this.#random = random;
  }

  next(): Turn {
    const index = this.#next;
    this.#next = (index + 1) % this.#size;
    return { index, waitMs: this.#wait() };
  }

  failed(): void {
    this.#failures += 1;
  }

  /** Two backends with one client id throw each other out at once, again and again: that must count as failing. */
  lost(servedMs: number): void {
    this.#failures = servedMs < STEADY_MS ? this.#failures + 1 : 0;
  }

  #wait(): number {
    const rounds = Math.floor(this.#failures / this.#size);
    if (rounds === 0 || this.#failures % this.#size !== 0) return 0;
    const longest = Math.min(LONGEST_WAIT_MS, this.#retryMs * 2 ** Math.min(rounds - 1, 16));
    return longest * (0.5 + this.#random() / 2);
  }
}
