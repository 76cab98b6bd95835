import { covered, type Span } from './spans.ts';

interface Overrun {
  readonly from: number;
  readonly until: number;
}

/**
 * Knows until when an actuator may be on, from what its client asked for, and notes how long it was on past that. Times
 * are ms of one steady clock.
 */
export class DeadlineWatch {
  /** How many runs were asked for. */
  runs = 0;
  /** How often the actuator was turned on. */
  starts = 0;
  #deadline = Number.NEGATIVE_INFINITY;
  #onSince: number | null = null;
  readonly #overruns: Overrun[] = [];

  get isOn(): boolean {
    return this.#onSince !== null;
  }

  get deadline(): number {
    return this.#deadline;
  }

  /** The run that was asked for has been acknowledged, and takes the place of the one before. */
  mayRunUntil(deadline: number, now: number): void {
    this.#note(now);
    this.#deadline = deadline;
    this.runs += 1;
  }

  /** Nobody knows whether it runs. */
  mightRunUntil(deadline: number, now: number): void {
    this.#note(now);
    this.#deadline = Math.max(this.#deadline, deadline);
  }

  /** What the device has been told. */
  hears(isOn: boolean, now: number): void {
    if (isOn) {
      if (this.#onSince === null) this.starts += 1;
      this.#onSince ??= now;
      return;
    }
    this.#note(now);
    this.#onSince = null;
  }

  /** The longest time past a deadline that is not excused by a span in which nobody could be told. */
  longestOverrunMs(excused: readonly Span[], now: number): number {
    this.#note(now);
    return Math.max(
      0,
      ...this.#overruns.map(({ from, until }) => until - from - covered(excused, from, until)),
    );
  }

  #note(now: number): void {
    if (this.#onSince === null) return;
    const from = Math.max(this.#deadline, this.#onSince);
    if (now > from) this.#overruns.push({ from, until: now });
  }
}
