/** One figure of a case. Figures that are to be compared are measured in the same run. */
export interface BenchRow {
  readonly name: string;
  readonly value: number;
  /** `ms`, `µs`, `MiB`, `B`, or `×` for a ratio. */
  readonly unit: string;
}

export interface BenchResult {
  readonly rows: readonly BenchRow[];
}

export interface BenchContext {
  /** Called when the case is over, also when it failed; the latest first. */
  readonly onEnd: (teardown: () => Promise<void> | void) => void;
  /** Tells the person who waits how far the case is. */
  readonly progress: (text: string) => void;
}

export interface BenchCase {
  readonly name: string;
  readonly title: string;
  run(context: BenchContext): Promise<BenchResult>;
}

/** A case and what became of it. */
export type BenchOutcome = Pick<BenchCase, 'name' | 'title'> &
  ({ readonly rows: readonly BenchRow[] } | { readonly error: string });
