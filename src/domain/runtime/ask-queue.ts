import type { Awaitable } from '../agent-host.ts';

/**
 * Runs work in order. While every answer comes at once nothing is queued and nothing is awaited, so that shipped
 * agent types cost no promise per reading; once an answer takes time, what follows waits for it.
 */
export class AskQueue {
  #tail: Promise<unknown> | null = null;

  run<Result>(work: () => Awaitable<Result>): Awaitable<Result> {
    if (this.#tail === null) {
      const result = work();
      if (result instanceof Promise) this.#follow(result);
      return result;
    }
    const result = this.#tail.then(work);
    this.#follow(result);
    return result;
  }

  #follow(result: Promise<unknown>): void {
    const tail: Promise<void> = result.then(
      () => this.#done(tail),
      () => this.#done(tail),
    );
    this.#tail = tail;
  }

  #done(tail: Promise<unknown>): void {
    if (this.#tail === tail) this.#tail = null;
  }
}
