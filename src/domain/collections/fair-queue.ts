import { RipeError } from '../errors.ts';

const TRY_AGAIN_S = 10;

/** Lets in one at a time, each name in its turn: who asks a hundred times at once waits for himself, not others for him. */
export class FairQueue {
  /** In the order in which names come next. */
  readonly #waiting = new Map<number, (() => void)[]>();
  readonly #most: number;
  #isTaken = false;

  /** `most`: how many of one name may wait. */
  constructor(most = Number.POSITIVE_INFINITY) {
    this.#most = most;
  }

  /** Resolves when it is this name's turn, with what ends the turn; throws RIPE_RATE_LIMITED where too many wait. */
  async enter(name: number): Promise<() => void> {
    if (this.#isTaken) await this.#turnOf(name);
    this.#isTaken = true;
    return () => this.#next();
  }

  #turnOf(name: number): Promise<void> {
    const before = this.#waiting.get(name) ?? [];
    if (before.length >= this.#most) throw new RipeError('RIPE_RATE_LIMITED', { seconds: TRY_AGAIN_S });
    return new Promise((resolve) => {
      this.#waiting.set(name, [...before, resolve]);
    });
  }

  #next(): void {
    const [first] = this.#waiting;
    if (first === undefined) {
      this.#isTaken = false;
      return;
    }
    const [name, [go, ...others]] = first;
    this.#waiting.delete(name);
    if (others.length > 0) this.#waiting.set(name, others);
    go?.();
  }
}
