/** Time is a parameter everywhere below the nodes. */
export interface Clock {
  /** ms UTC */
  now(): number;
}

/** Calls its owner back when the time of a key has come. One entry per key; setting it again moves it. */
export interface Timetable<Key> {
  set(key: Key, at: number): void;
  delete(key: Key): void;
  /** Forgets everything, and takes no more. */
  stop(): void;
}

export type TimetableFactory = <Key>(due: (key: Key) => void) => Timetable<Key>;
