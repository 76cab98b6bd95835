import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Change } from '../../domain/change.ts';
import { RipeError } from '../../domain/errors.ts';
import { ChangeQueue } from './change-queue.ts';
import type { GroupCommitOptions, Poison } from './commit-options.ts';
import { STALL_MS, StallWatch } from './stall-watch.ts';

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: RipeError) => void;
}

const MOST_AT_ONCE = 10_000;
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
    const poison: Poison[] = [];
    this.#stalls.begin(this.#failures === 0);
    try {
      await this.#settle();
      this.#isCommitting = true;
      await this.#writeParts(isAwaited, poison);
      this.#stalls.end(true);
    } catch (cause) {
      this.#stalls.end(false);
      return this.#fail(waiting, cause, poison);
    } finally {
      this.#isCommitting = false;
    }
    this.#succeed(waiting, poison);
    return undefined;
  }

  /** In one transaction; but a queue that has grown long goes part by part, lest one batch takes more memory than there is. */
  async #writeParts(durable: boolean, poison: Poison[]): Promise<void> {
    const { commitBatch, mostAtOnce = MOST_AT_ONCE } = this.#options;
    for (let part = this.#queue.peek(mostAtOnce), { end } = part; ; part = this.#queue.peek(mostAtOnce)) {
      this.#doubt = part.until;
      poison.push(...(await commitBatch(part.changes, durable)));
      this.#doubt = null;
      this.#queue.drop(part.until);
      if (part.until >= end) return;
      this.#stalls.end(true);
      this.#stalls.begin(true);
    }
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

  #fail(waiting: readonly Waiting[], cause: unknown, poison: readonly Poison[]): RipeError {
    const error = new RipeError('RIPE_STORE_FAILED', {}, cause);
    const { away, most, onFailing } = this.#options;
    this.#failures += 1;
    this.#away = away?.isAway(cause) === true ? error : null;
    this.#queue.limit(most);
    this.#arm();
    const isAccepted = this.#away !== null && !this.#isStopping && !this.#queue.isFull;
    for (const { resolve, reject } of waiting) isAccepted ? resolve() : reject(error);
    if (this.#failures === 1) onFailing(error);
    for (const { error: reason, change } of poison) this.#options.onPoison(reason, change);
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
