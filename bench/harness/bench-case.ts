/** One figure of a case. Figures that are to be compared are measured in the same run. */
export interface BenchRow {
  readonly name: string;
  readonly value: number;
  /** `ms`, `µs`, `MiB`, `B`, or `×` for a ratio. */
  readonly unit: string;
}

/** One of the lines of a chart. */
export interface BenchLine {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** How figures grow with something, e.g. with the sensors. */
export interface BenchCurves {
  /** Names the picture's file: lower case and hyphens. */
  readonly id: string;
  readonly title: string;
  /** What grows, e.g. `sensors`. */
  readonly x: string;
  readonly unit: string;
  readonly lines: readonly BenchLine[];
}

export interface BenchResult {
  readonly rows: readonly BenchRow[];
  readonly curves?: readonly BenchCurves[];
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
export type BenchOutcome = Pick<BenchCase, 'name' | 'title'> & (BenchResult | { readonly error: string });
