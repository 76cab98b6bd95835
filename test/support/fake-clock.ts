import type { Clock, Timetable, TimetableFactory } from '../../src/domain/time/clock.ts';

/** A clock that is moved by hand. Its timetables call back as it is moved past their entries, in order of time. */
export class FakeClock implements Clock {
  readonly #tables = new Set<FakeTimetable<unknown>>();
  #now: number;

  constructor(now = Date.UTC(2026, 5, 1, 12)) {
    this.#now = now;
  }

  readonly timetable: TimetableFactory = <Key>(due: (key: Key) => void): Timetable<Key> => {
    const table = new FakeTimetable(due);
    this.#tables.add(table as FakeTimetable<unknown>);
    return table;
  };

  now(): number {
    return this.#now;
  }

  /** How many entries wait in all timetables. */
  get waiting(): number {
    let sum = 0;
    for (const table of this.#tables) sum += table.size;
    return sum;
  }

  /** Moves to the next entry that is due by then, and lets it happen; false, at that time, if there is none. */
  next(until: number): boolean {
    let first: FakeTimetable<unknown> | null = null;
    for (const table of this.#tables) if (first === null || table.earliest < first.earliest) first = table;
    if (first === null || first.earliest > until) {
      this.#now = until;
      return false;
    }
    this.#now = Math.max(this.#now, first.earliest);
    first.happen();
    return true;
  }

  pass(ms: number): void {
    const until = this.#now + ms;
    while (this.next(until));
  }

  /** As when a person or a time server sets it: nothing happens on the way. */
  jump(ms: number): void {
    this.#now += ms;
  }

  /** Forgets all timetables, as a crash does. */
  forget(): void {
    this.#tables.clear();
  }
}

class FakeTimetable<Key> implements Timetable<Key> {
  readonly #due: (key: Key) => void;
  readonly #entries = new Map<Key, number>();
  #isStopped = false;

  constructor(due: (key: Key) => void) {
    this.#due = due;
  }

  get size(): number {
    return this.#entries.size;
  }

  get earliest(): number {
    return Math.min(...this.#entries.values());
  }

  happen(): void {
    const { earliest } = this;
    for (const [key, at] of this.#entries) {
      if (at !== earliest) continue;
      this.#entries.delete(key);
      this.#due(key);
      return;
    }
  }

  set(key: Key, at: number): void {
    if (!this.#isStopped) this.#entries.set(key, at);
  }

  delete(key: Key): void {
    this.#entries.delete(key);
  }

  stop(): void {
    this.#isStopped = true;
    this.#entries.clear();
  }
}
