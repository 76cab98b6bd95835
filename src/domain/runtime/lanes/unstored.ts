import type { Json } from '../../json.ts';

/** What an agent holds, and the state that says so. */
export interface Held {
  readonly value: number;
  readonly state: Json;
  readonly wakeAt: number | null;
}

/** Values of one agent that are still to be stored, and what it goes back to where the store does not take them. */
export class Unstored {
  #before: Held | null = null;
  #last: number | null = null;
  #count = 0;

  /** `value` is to be held in the place of `present`; where that is still to be stored itself, what was before it counts. */
  enter(value: number, present: Held): void {
    if (this.#before === null || present.value !== this.#last) this.#before = present;
    this.#last = value;
    this.#count += 1;
  }

  stored(held: Held): void {
    this.#count -= 1;
    this.#before = this.#count === 0 ? null : held;
  }

  /** Answers with what the agent goes back to. */
  refused(): Held | null {
    this.#count -= 1;
    const before = this.#before;
    if (this.#count === 0) this.#before = null;
    return before;
  }
}
