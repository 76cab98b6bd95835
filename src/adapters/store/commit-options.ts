import type { Change } from '../../domain/change.ts';
import type { RipeError } from '../../domain/errors.ts';

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
  /** How many changes one transaction holds at most. */
  readonly mostAtOnce?: number;
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
