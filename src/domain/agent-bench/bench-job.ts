import type { RunningJob } from '../agent/agent-contract.ts';
import { durationOf, type Plan, timeline } from '../job/plan.ts';

/** A job on the bench: its plan laid out from its start. */
export class BenchJob {
  readonly shown: RunningJob;
  readonly #due: { at: number; value: number }[];

  constructor(id: string, plan: Plan, startedAt: number) {
    this.shown = { id, startedAt, endsAt: startedAt + durationOf(plan) };
    this.#due = timeline(plan).map(({ at, value }) => ({ at: startedAt + at, value }));
  }

  /** When the next step is due; null after the last. */
  get nextAt(): number | null {
    return this.#due[0]?.at ?? null;
  }

  /** Takes the next step: the value that it sets. */
  takeStep(): number | null {
    return this.#due.shift()?.value ?? null;
  }
}
