/** So much time commits may take one right after the other, ms. */
const BURST_MS = 50;
/** What share of the time they may take from then on. */
const SHARE = 0.5;

/**
 * Keeps commits from taking all the time where hundreds a second are awaited: then each waits a moment, and takes along
 * what comes meanwhile. A few that follow one another never wait.
 */
export class CommitPace {
  #spentMs = 0;
  #asOf = 0;

  /** A commit has taken so long, until now; times are of one steady clock, ms. */
  took(ms: number, now: number): void {
    this.#spentMs = this.#spentAt(now - ms) + ms * (1 - SHARE);
    this.#asOf = now;
  }

  /** How long the next one has to wait. */
  waitMs(now: number): number {
    return Math.max(0, this.#spentAt(now) - BURST_MS) / SHARE;
  }

  #spentAt(now: number): number {
    return Math.max(0, this.#spentMs - Math.max(0, now - this.#asOf) * SHARE);
  }
}
