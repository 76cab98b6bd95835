import { setImmediate as nextTurn } from 'node:timers/promises';
import { RipeError } from '../../domain/errors.ts';
import type { Change } from '../../domain/store.ts';
import { ChangeQueue } from './change-queue.ts';
import { STALL_MS, StallWatch } from './stall-watch.ts';

/** A change that can never be written, and why. */
export interface Poison {
  readonly error: unknown;
  readonly change: Change;
}

/** For a database that can be away, out of reach of this process. */
export interface AwayRules {
  /** Whether nobody answered; else the answer was no. */
  readonly isAway: (cause: unknown) => boolean;
  /** Called when it ends with changes that could not be committed. */
  readonly onLost: (lost: number) => void;
  readonly delayMs: (failures: number) => number;
  /**
   * Called before the next commit after one has failed: whether the failed one was carried out after all, since
   * the answer to it was lost. Answers with its poison, or null if it was not.
   */
  readonly settle: () => Promise<readonly Poison[] | null>;
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
  /** How many changes are kept while commits fail, see QueueBound; ten times as many while one is under way. */
  readonly most: number;
  /** Called when a commit succeeds again, or has at last, with the number of changes that found no room. */
  readonly onBack: (lost: number) => void;
  /** Absent: a commit that fails is refused. */
  readonly away?: AwayRules;
  /** After so long a commit hangs; what is called then and when it has ended, see StallWatch. */
  readonly stallMs?: number;
  readonly onStalled: (seconds: number) => void;
  readonly onOver: (seconds: number) => void;
}

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: RipeError) => void;
}

const LONGEST_BACKOFF_MS = 1_000;
/** How many times as much is kept while a commit takes its time as while commits fail: it may yet take all of it. */
const STALL_TIMES = 10;

/**
 * Gathers changes and commits them in groups: at the next tick, at once when somebody awaits it, and before a
 * read. A group that fails stays and is tried again.
 */
export class GroupCommit {
  readonly #options: GroupCommitOptions;
  readonly #queue = new ChangeQueue();
  #waiting: Waiting[] = [];
  #tick: NodeJS.Timeout | undefined;
  /** The turn in which the next group that somebody awaits begins. */
  #soon: NodeJS.Immediate | undefined;
  #failures = 0;
  /** Set while nobody answers: then a change is acknowledged once it is queued. */
  #away: RipeError | null = null;
  /** How far the commit that failed last went. */
  #doubt: number | null = null;
  #isStopping = false;
  #isCommitting = false;
  /** The commit under way and those after it: one at a time. */
  #turn: Promise<unknown> = Promise.resolve();
  /** The one after that under way, as long as it has not begun: it takes along all that is asked for meanwhile. */
  #next: Promise<RipeError | undefined> | undefined;
  readonly #stalls: StallWatch;

  constructor(options: GroupCommitOptions) {
    this.#options = options;
    this.#stalls = new StallWatch({ stallMs: STALL_MS, ...options });
  }

  /** For how long no commit has come through, though one was tried, ms; 0: none is pending. */
  get pendingMs(): number {
    return this.#stalls.pendingMs;
  }

  /** What is queued, also what is being written just now. */
  get unwritten(): readonly Change[] {
    return this.#queue.peek().changes;
  }

  /** What a read is told while a commit hangs; null: none does. */
  get stalled(): RipeError | null {
    return this.#stalls.stalled;
  }

  get queued(): number {
    return this.#queue.size;
  }

  get #mostInStall(): number {
    return STALL_TIMES * this.#options.most;
  }

  write(change: Change): void {
    this.#queue.add(change);
    if (this.#isCommitting && this.#queue.size > this.#mostInStall) this.#queue.limit(this.#mostInStall);
    if (this.#tick === undefined) this.#arm();
  }

  /**
   * Commits of one turn of the event loop share a transaction, and those that come while one is under way the next. It
   * begins a turn later, with what the messages of this turn lead to: a decision's job comes back from the job-runner.
   */
  commit(): Promise<void> {
    if (this.#away !== null) return this.#queue.isFull ? Promise.reject(this.#away) : Promise.resolve();
    this.#soon ??= setImmediate(() => {
      this.#soon = undefined;
      void this.#commitGroup();
    });
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
    });
  }

  /** Commits what is queued, so that a read sees it. Not durable by itself; throws as soon as a commit hangs. */
  async flush(): Promise<void> {
    const error = this.#away ?? (await this.#stalls.unlessStalled(this.#commitGroup()));
    if (error !== undefined) throw error;
  }

  /** Commits for the last time, durably. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    // What they would commit is part of the last group.
    clearTimeout(this.#tick);
    clearImmediate(this.#soon);
    let error: RipeError | undefined;
    do error = await this.#commitGroup();
    while (error === undefined && this.#queue.size + this.#waiting.length > 0);
    if (error === undefined) return;
    if (this.#queue.size > 0) this.#options.away?.onLost(this.#queue.size);
    throw error;
  }

  #commitGroup(): Promise<RipeError | undefined> {
    if (this.#next !== undefined) return this.#next;
    const turn = this.#turn.then(() => {
      this.#next = undefined;
      return this.#commitQueued();
    });
    this.#next = turn;
    // A callback that throws is its owner's bug: it surfaces in `turn`, and must not stop the turns after it.
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #commitQueued(): Promise<RipeError | undefined> {
    // Whoever was refused a moment ago takes back first what is queued of it.
    if (this.#failures > 0) await nextTurn();
    const waiting = this.#waiting;
    // After a failure also nothing is committed: to see whether the database is back.
    const isAwaited = waiting.length > 0 || this.#isStopping || this.#failures > 0;
    if (this.#queue.size === 0 && !isAwaited) return undefined;
    this.#waiting = [];
    let poison: readonly Poison[];
    this.#stalls.begin(this.#failures === 0);
    try {
      await this.#settle();
      const { changes, until } = this.#queue.peek();
      this.#doubt = until;
      this.#isCommitting = true;
      poison = await this.#options.commitBatch(changes, isAwaited);
      this.#doubt = null;
      this.#queue.drop(until);
      this.#stalls.end(true);
    } catch (cause) {
      this.#stalls.end(false);
      return this.#fail(waiting, cause);
    } finally {
      this.#isCommitting = false;
    }
    this.#succeed(waiting, poison);
    return undefined;
  }

  async #settle(): Promise<void> {
    const { away, onPoison } = this.#options;
    if (this.#doubt === null || away === undefined) return;
    const poison = await away.settle();
    if (poison !== null) this.#queue.drop(this.#doubt);
    this.#doubt = null;
    for (const { error, change } of poison ?? []) onPoison(error, change);
  }

  #succeed(waiting: readonly Waiting[], poison: readonly Poison[]): void {
    const hasFailed = this.#failures > 0;
    this.#failures = 0;
    this.#away = null;
    const lost = this.#queue.unlimit();
    this.#arm();
    const [first] = poison;
    if (first === undefined) {
      for (const { resolve } of waiting) resolve();
    } else {
      // Whose change it was is not known, so nobody of this group is told that all is written.
      const error = new RipeError('RIPE_STORE_FAILED', {}, first.error);
      for (const { reject } of waiting) reject(error);
    }
    if (hasFailed || lost > 0) this.#options.onBack(lost);
    for (const { error, change } of poison) this.#options.onPoison(error, change);
  }

  #fail(waiting: readonly Waiting[], cause: unknown): RipeError {
    const error = new RipeError('RIPE_STORE_FAILED', {}, cause);
    const { away, most, onFailing } = this.#options;
    this.#failures += 1;
    this.#away = away?.isAway(cause) === true ? error : null;
    this.#queue.limit(most);
    this.#arm();
    const isAccepted = this.#away !== null && !this.#isStopping && !this.#queue.isFull;
    for (const { resolve, reject } of waiting) isAccepted ? resolve() : reject(error);
    if (this.#failures === 1) onFailing(error);
    return error;
  }

  /** Sets the next tick; an idle store has none. */
  #arm(): void {
    clearTimeout(this.#tick);
    const isIdle = this.#isStopping || (this.#queue.size === 0 && this.#failures === 0);
    this.#tick = isIdle ? undefined : setTimeout(() => void this.#commitGroup(), this.#delayMs());
  }

  #delayMs(): number {
    const { tickMs, away } = this.#options;
    if (away !== undefined && this.#failures > 0) return away.delayMs(this.#failures);
    const backoffMs = Math.min(LONGEST_BACKOFF_MS, tickMs * 2 ** this.#failures);
    return Math.max(tickMs, backoffMs);
  }
}
