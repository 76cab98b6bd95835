import type { BenchCase, BenchContext, BenchOutcome } from './bench-case.ts';

type Teardown = Parameters<BenchContext['onEnd']>[0];

export interface BenchRun {
  readonly progress: (text: string) => void;
  readonly onOutcome: (outcome: BenchOutcome) => void;
}

/** Runs cases one after the other: two at a time would measure each other. A failed one does not stop the next. */
export class BenchRunner {
  readonly #run: BenchRun;
  #teardowns: Teardown[] = [];

  constructor(run: BenchRun) {
    this.#run = run;
  }

  async runAll(cases: readonly BenchCase[]): Promise<BenchOutcome[]> {
    const outcomes: BenchOutcome[] = [];
    for (const benchCase of cases) {
      const outcome = await this.#runOne(benchCase);
      this.#run.onOutcome(outcome);
      outcomes.push(outcome);
    }
    return outcomes;
  }

  /** Ends whatever the running case has started; also for an interrupt. */
  async tearDown(): Promise<void> {
    const teardowns = this.#teardowns.reverse();
    this.#teardowns = [];
    for (const teardown of teardowns) {
      try {
        await teardown();
      } catch (error) {
        this.#run.progress(`teardown failed: ${(error as Error).message}`);
      }
    }
  }

  async #runOne({ name, title, run }: BenchCase): Promise<BenchOutcome> {
    const context: BenchContext = {
      onEnd: (teardown) => this.#teardowns.push(teardown),
      progress: (text) => this.#run.progress(`${name}: ${text}`),
    };
    try {
      return { name, title, ...(await run(context)) };
    } catch (error) {
      return { name, title, error: (error as Error).message };
    } finally {
      await this.tearDown();
    }
  }
}
