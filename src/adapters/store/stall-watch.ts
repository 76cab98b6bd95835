import { RipeError } from '../../domain/errors.ts';

/** A commit that takes longer is one of a disk, or a database, that hangs. */
export const STALL_MS = 5_000;

export interface StallOptions {
  readonly stallMs: number;
  /** Called once when a commit hangs, with how long by then, in seconds. */
  readonly onStalled: (seconds: number) => void;
  /** Called when that commit has ended at last, well or not. */
  readonly onOver: (seconds: number) => void;
}

/** Watches commits, one after the other: how long they take, and whether one hangs. */
export class StallWatch {
  readonly #options: StallOptions;
  readonly #waiting = new Set<() => void>();
  #timer: NodeJS.Timeout | undefined;
  #begunAt = 0;
  #isStalled = false;
  #isToTell = false;
  /** Since when none has come through, though one was tried. */
  #pendingSince: number | null = null;

  constructor(options: StallOptions) {
    this.#options = options;
  }

  /** A commit is under way. `isToTell`: nobody knows yet that anything is wrong. */
  begin(isToTell: boolean): void {
    this.#begunAt = performance.now();
    this.#isToTell = isToTell;
    this.#pendingSince ??= this.#begunAt;
    this.#timer = setTimeout(() => this.#stall(), this.#options.stallMs).unref();
  }

  /** It has ended. */
  end(isDone: boolean): void {
    clearTimeout(this.#timer);
    if (isDone) this.#pendingSince = null;
    if (!this.#isStalled) return;
    this.#isStalled = false;
    if (this.#isToTell) this.#options.onOver(this.#seconds);
  }

  /** For how long no commit has come through, though one was tried, ms; 0: none is pending. */
  get pendingMs(): number {
    return this.#pendingSince === null ? 0 : performance.now() - this.#pendingSince;
  }

  /** What a read is told while a commit hangs; null: none does. */
  get stalled(): RipeError | null {
    if (!this.#isStalled) return null;
    return new RipeError('RIPE_STORE_STALLED', { seconds: Math.round(this.#seconds) });
  }

  /** Settles as the promise does, or rejects as soon as a commit hangs. */
  async unlessStalled<Value>(promise: Promise<Value>): Promise<Value> {
    const hanging = Promise.withResolvers<never>();
    const giveUp = () => hanging.reject(this.stalled);
    if (this.#isStalled) giveUp();
    this.#waiting.add(giveUp);
    try {
      return await Promise.race([promise, hanging.promise]);
    } finally {
      this.#waiting.delete(giveUp);
    }
  }

  get #seconds(): number {
    return (performance.now() - this.#begunAt) / 1_000;
  }

  #stall(): void {
    this.#isStalled = true;
    if (this.#isToTell) this.#options.onStalled(this.#seconds);
    for (const giveUp of [...this.#waiting]) giveUp();
  }
}
