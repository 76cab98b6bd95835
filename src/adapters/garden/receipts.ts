interface Expected {
  readonly resolve: () => void;
  timer: NodeJS.Timeout | undefined;
}

const TAKEN_WITHIN_MS = 5_000;

/**
 * Tells a pool when the runtime has taken a message of its: between them are wires, on which somebody's nodes may
 * hold a message back or drop it. What nobody has taken within 5 s counts as dropped there.
 */
export class Receipts {
  readonly #withinMs: number;
  readonly #expected = new Map<number, Expected>();
  #next = 1;
  #isServed = false;

  constructor(withinMs = TAKEN_WITHIN_MS) {
    this.#withinMs = withinMs;
  }

  /** `id` travels with the message; `taken` resolves when it has arrived, or counts as dropped. */
  expect(): { readonly id: number; readonly taken: Promise<void> } {
    const id = this.#next++;
    const { promise, resolve } = Promise.withResolvers<void>();
    const expected: Expected = { resolve, timer: undefined };
    this.#expected.set(id, expected);
    if (this.#isServed) this.#limit(id, expected);
    return { id, taken: promise };
  }

  /** The runtime has taken a message; what it writes because of it has been given to the store. */
  take(id: unknown): void {
    if (typeof id === 'number') this.#settle(id);
  }

  /** A runtime takes messages from now on: only then the time runs. The answer ends that. */
  serve(): () => void {
    this.#isServed = true;
    for (const [id, expected] of this.#expected) this.#limit(id, expected);
    return () => {
      this.#isServed = false;
      for (const expected of this.#expected.values()) clearTimeout(expected.timer);
    };
  }

  #limit(id: number, expected: Expected): void {
    clearTimeout(expected.timer);
    expected.timer = setTimeout(() => this.#settle(id), this.#withinMs);
    expected.timer.unref();
  }

  #settle(id: number): void {
    const expected = this.#expected.get(id);
    if (expected === undefined) return;
    this.#expected.delete(id);
    clearTimeout(expected.timer);
    expected.resolve();
  }
}
