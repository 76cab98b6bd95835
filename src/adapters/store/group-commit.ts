import { RipeError } from '../../domain/errors.ts';
import type { Change } from '../../domain/store.ts';
import { ChangeQueue } from './change-queue.ts';

/** A change that can never be written, and why. */
export interface Poison {
  readonly error: unknown;
  readonly change: Change;
}

export interface GroupCommitOptions {
  readonly tickMs: number;
  /**
   * Writes all changes in one transaction, but for the poison, which it returns. `durable`: they survive a
   * power cut, as does everything committed before. Throws when it wrote nothing; it is then called again.
   */
  readonly commitBatch: (
    changes: readonly Change[],
    durable: boolean,
  ) => readonly Poison[] | Promise<readonly Poison[]>;
  readonly onPoison: (error: unknown, change: Change) => void;
  /** Called once when commits begin to fail, not again until one has succeeded. */
  readonly onFailing: (error: RipeError) => void;
}

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: RipeError) => void;
}

const LONGEST_BACKOFF_MS = 1_000;

/**
 * Gathers changes and commits them in groups: at the next tick, at once when somebody awaits it, and before a
 * read. A group that fails stays and is tried again.
 */
export class GroupCommit {
  readonly #options: GroupCommitOptions;
  readonly #queue = new ChangeQueue();
  #waiting: Waiting[] = [];
  #tick: NodeJS.Timeout | undefined;
  #soon: NodeJS.Immediate | undefined;
  #failures = 0;
  /** The commit under way and those after it: one at a time. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: GroupCommitOptions) {
    this.#options = options;
  }

  write(change: Change): void {
    this.#queue.add(change);
    if (this.#tick === undefined) this.#arm();
  }

  /** Commits of one turn of the event loop share a transaction. */
  commit(): Promise<void> {
    this.#soon ??= setImmediate(() => {
      this.#soon = undefined;
      void this.#commitGroup();
    });
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
    });
  }

  /** Commits what is queued, so that a read sees it. Not durable by itself. */
  async flush(): Promise<void> {
    const error = await this.#commitGroup();
    if (error !== undefined) throw error;
  }

  /** Commits for the last time, durably. */
  async stop(): Promise<void> {
    const committed = this.commit();
    void this.#commitGroup();
    try {
      await committed;
    } finally {
      clearTimeout(this.#tick);
      clearImmediate(this.#soon);
    }
  }

  #commitGroup(): Promise<RipeError | undefined> {
    const turn = this.#turn.then(() => this.#commitQueued());
    // A callback that throws is its owner's bug: it surfaces in `turn`, and must not stop the turns after it.
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #commitQueued(): Promise<RipeError | undefined> {
    const { size } = this.#queue;
    const waiting = this.#waiting;
    if (size === 0 && waiting.length === 0) return undefined;
    this.#waiting = [];
    let poison: readonly Poison[];
    try {
      poison = await this.#options.commitBatch(this.#queue.peek(size), waiting.length > 0);
    } catch (cause) {
      return this.#fail(waiting, cause);
    }
    this.#queue.drop(size);
    this.#succeed(waiting, poison);
    return undefined;
  }

  #succeed(waiting: readonly Waiting[], poison: readonly Poison[]): void {
    this.#failures = 0;
    this.#arm();
    const [first] = poison;
    if (first === undefined) {
      for (const { resolve } of waiting) resolve();
      return;
    }
    // Whose change it was is not known, so nobody of this group is told that all is written.
    const error = new RipeError('RIPE_STORE_FAILED', {}, first.error);
    for (const { reject } of waiting) reject(error);
    for (const { error, change } of poison) this.#options.onPoison(error, change);
  }

  #fail(waiting: readonly Waiting[], cause: unknown): RipeError {
    const error = new RipeError('RIPE_STORE_FAILED', {}, cause);
    this.#failures += 1;
    this.#arm();
    for (const { reject } of waiting) reject(error);
    if (this.#failures === 1) this.#options.onFailing(error);
    return error;
  }

  /** Sets the next tick; an idle store has none. */
  #arm(): void {
    clearTimeout(this.#tick);
    this.#tick =
      this.#queue.size === 0 ? undefined : setTimeout(() => void this.#commitGroup(), this.#delayMs());
  }

  #delayMs(): number {
    const { tickMs } = this.#options;
    const backoffMs = Math.min(LONGEST_BACKOFF_MS, tickMs * 2 ** this.#failures);
    return Math.max(tickMs, backoffMs);
  }
}
