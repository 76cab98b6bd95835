import { Heap, type HeapEntry } from '../../domain/collections/heap.ts';
import { TransientMap } from '../../domain/collections/transient-map.ts';
import type { Clock, Timetable, TimetableFactory } from '../../domain/time/clock.ts';

/** The wall clock may jump: nobody sleeps longer than this before looking at it again. */
const LONGEST_SLEEP_MS = 30_000;

interface Entry<Key> extends HeapEntry {
  readonly key: Key;
}

/** Timetables with one timer each, however many entries they hold. */
export function createTimetables(clock: Clock): TimetableFactory {
  return <Key>(due: (key: Key) => void) => new HeapTimetable(clock, due);
}

class HeapTimetable<Key> implements Timetable<Key> {
  readonly #clock: Clock;
  readonly #due: (key: Key) => void;
  readonly #heap = new Heap<Entry<Key>>();
  readonly #entries = new TransientMap<Key, Entry<Key>>();
  #timer: NodeJS.Timeout | null = null;
  #wakesAt = Number.POSITIVE_INFINITY;
  #isStopped = false;

  constructor(clock: Clock, due: (key: Key) => void) {
    this.#clock = clock;
    this.#due = due;
  }

  set(key: Key, at: number): void {
    // What is still under way when its owner stops must not wake it again: its store may be closed by then.
    if (this.#isStopped) return;
    const entry = this.#entries.get(key);
    if (entry === undefined) {
      const added = { key, at, place: 0 };
      this.#entries.set(key, added);
      this.#heap.add(added);
    } else {
      entry.at = at;
      this.#heap.moved(entry);
    }
    this.#arm();
  }

  delete(key: Key): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#heap.remove(entry);
  }

  stop(): void {
    this.#isStopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#wakesAt = Number.POSITIVE_INFINITY;
    this.#heap.clear();
    this.#entries.clear();
  }

  #arm(): void {
    const first = this.#heap.first;
    if (first === undefined || first.at >= this.#wakesAt) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    const delay = Math.min(Math.max(first.at - this.#clock.now(), 0), LONGEST_SLEEP_MS);
    this.#wakesAt = first.at;
    this.#timer = setTimeout(() => this.#wake(), delay);
  }

  #wake(): void {
    this.#timer = null;
    this.#wakesAt = Number.POSITIVE_INFINITY;
    const now = this.#clock.now();
    for (let first = this.#heap.first; first !== undefined && first.at <= now; first = this.#heap.first) {
      this.delete(first.key);
      this.#due(first.key);
    }
    this.#arm();
  }
}
