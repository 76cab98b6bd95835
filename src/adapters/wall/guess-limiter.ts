import { BoundedLimiter } from './bounded-limiter.ts';
import { refuseLate } from './late-refusal.ts';

const SECONDS = 60;
const TIMES_AT_ALL = 10;

/**
 * Bounds how often an address may be wrong: at one lock (a sensor, a login, the administrator token), and at all locks
 * together. Who was wrong too often is not answered at that lock for the rest of the minute, right or wrong: else
 * guessing would go on. Other addresses are not concerned, so nobody can lock an owner out.
 */
export class GuessLimiter {
  readonly #ofLock: BoundedLimiter;
  readonly #ofAddress: BoundedLimiter;
  /** `lock address` -> until when it is known to be blocked: for those who cannot wait for an answer. */
  readonly #blocked = new Map<string, number>();

  constructor(wrongPerMinute: number) {
    this.#ofLock = new BoundedLimiter({ points: wrongPerMinute, seconds: SECONDS });
    this.#ofAddress = new BoundedLimiter({ points: wrongPerMinute * TIMES_AT_ALL, seconds: SECONDS });
  }

  /**
   * Runs `open`, which throws or answers something. If it was wrong too often, it is not called: the answer is a promise
   * that is rejected, after a while, with RIPE_RATE_LIMITED.
   */
  attempt<Result>(
    lock: string,
    address: string,
    open: () => Result,
    isWrong: (outcome: { readonly result?: Result; readonly error?: unknown }) => boolean,
  ): Result | Promise<never> {
    const waitMs = this.#take(lock, address);
    if (waitMs > 0) return refuseLate(waitMs);
    try {
      const result = open();
      if (!isWrong({ result })) this.#giveBack(lock, address);
      return result;
    } catch (error) {
      if (!isWrong({ error })) this.#giveBack(lock, address);
      throw error;
    }
  }

  /** Whether `look` says so; of who was wrong too often it is not asked. */
  async proves(lock: string, address: string, look: () => boolean): Promise<boolean> {
    try {
      return await this.attempt(lock, address, look, ({ result }) => result !== true);
    } catch {
      return false;
    }
  }

  /** For what answers nothing to whoever tries: counts, and lets `isBlocked` know. */
  wrong(lock: string, address: string): void {
    this.#take(lock, address);
  }

  isBlocked(lock: string, address: string): boolean {
    if (this.#blocked.size === 0) return false;
    const name = nameOf(lock, address);
    const until = this.#blocked.get(name);
    if (until === undefined) return false;
    if (until > performance.now()) return true;
    this.#blocked.delete(name);
    return false;
  }

  /** 0, or in how many ms to try again. */
  #take(lock: string, address: string): number {
    const name = nameOf(lock, address);
    const waitMs = Math.max(this.#ofLock.take(name), this.#ofAddress.take(address));
    if (waitMs > 0) this.#block(name, waitMs);
    return waitMs;
  }

  #giveBack(lock: string, address: string): void {
    this.#ofLock.giveBack(nameOf(lock, address));
    this.#ofAddress.giveBack(address);
  }

  #block(name: string, waitMs: number): void {
    const now = performance.now();
    this.#blocked.delete(name);
    this.#blocked.set(name, now + waitMs);
    for (const [oldest, until] of this.#blocked) {
      if (until > now && this.#blocked.size <= MOST_BLOCKED) break;
      this.#blocked.delete(oldest);
    }
  }
}

const MOST_BLOCKED = 10_000;
const nameOf = (lock: string, address: string): string => `${lock} ${address}`;
