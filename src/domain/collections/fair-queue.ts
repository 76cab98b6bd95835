/** Lets in one at a time, each name in its turn: who asks a hundred times at once waits for himself, not others for him. */
export class FairQueue {
  /** In the order in which names come next. */
  readonly #waiting = new Map<number, (() => void)[]>();
  #isTaken = false;

  /** Resolves when it is this name's turn, with what ends the turn. */
  async enter(name: number): Promise<() => void> {
    if (this.#isTaken) {
      await new Promise<void>((resolve) => {
        const before = this.#waiting.get(name) ?? [];
        this.#waiting.set(name, [...before, resolve]);
      });
    }
    this.#isTaken = true;
    return () => this.#next();
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
