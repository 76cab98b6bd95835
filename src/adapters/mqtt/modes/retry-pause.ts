/** The longest wait, in first ones: 5 s with a first one of 250 ms. */
const LONGEST = 20;

/**
 * How long to wait before trying again: twice as long after each failure, with a jitter, up to 20 times the first wait. A
 * broker that drops us sooner than that has failed like one that did not answer.
 */
export class RetryPause {
  readonly #firstMs: number;
  readonly #random: () => number;
  #failures = 0;

  constructor(firstMs: number, random: () => number = Math.random) {
    this.#firstMs = firstMs;
    this.#random = random;
  }

  failed(): void {
    this.#failures += 1;
  }

  /** Two backends with one client id throw each other out at once, again and again: that must count as failing. */
  lost(servedMs: number): void {
    this.#failures = servedMs < LONGEST * this.#firstMs ? this.#failures + 1 : 0;
  }

  next(): number {
    if (this.#failures === 0) return 0;
    const longest = this.#firstMs * Math.min(LONGEST, 2 ** Math.min(this.#failures - 1, 16));
    return longest * (0.5 + this.#random() / 2);
  }
}
