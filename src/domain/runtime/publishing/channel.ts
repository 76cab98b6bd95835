/** Values that are history once their vector has reached the broker. */
interface ValueChange {
  readonly sequence: number;
  readonly values: Values;
}

/** A job that may close once a vector has been delivered. */
interface Waiting {
  readonly sequence: number;
  readonly job: string;
}

/** By domain. */
type Values = Readonly<Record<string, number>>;

export const NONE: Values = {};
export const NO_CHANGES: readonly ValueChange[] = [];
export const NOBODY: readonly Waiting[] = [];

/** What was last published for a sensor, and what waits for its delivery. */
export interface Channel {
  /** Grows with each vector; a delivery report for one settles all before it, since vectors are whole. */
  sequence: number;
  delivered: number;
  /** Of how many bytes; null: none was published. */
  size: number | null;
  /** When the first job of the newest vector sets another value, ms UTC; null where none runs. */
  until: number | null;
  /** The newest vector has not reached the broker. */
  isLost: boolean;
  /** The values that the clients were told last. */
  told: Values;
  waiting: readonly Waiting[];
  changes: readonly ValueChange[];
}

/** Of a sensor to which nothing was published yet. */
export function newChannel(): Channel {
  return {
    sequence: 0,
    delivered: 0,
    size: null,
    until: null,
    isLost: false,
    told: NONE,
    waiting: NOBODY,
    changes: NO_CHANGES,
  };
}

export function without(told: Values, lost: Values): Values {
  return Object.fromEntries(Object.entries(told).filter(([domain]) => !Object.hasOwn(lost, domain)));
}
