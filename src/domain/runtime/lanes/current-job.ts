import type { JobRequest } from '../../job/job.ts';
import { durationOf, type Plan } from '../../job/plan.ts';

/** Steps and events of a job may differ by so much on when it ends. */
const SAME_END_MS = 1_000;

/** The job that may set an agent's actuator, and what the runner has still to say of it. */
export class CurrentJob {
  readonly id: string;
  /** Of an earlier run, and the runner has said nothing of it yet: its actuator is on because its row says so. */
  isPresumed: boolean;
  #plan: Plan;
  /** When it ends since it was shortened, as long as the runner has not said so. */
  #endToHear: number | null = null;

  constructor({ id, plan }: Pick<JobRequest, 'id' | 'plan'>, isPresumed = false) {
    this.id = id;
    this.#plan = plan;
    this.isPresumed = isPresumed;
  }

  get plan(): Plan {
    return this.#plan;
  }

  /** The runner has not answered yet to its having been shortened: a node on the wire may keep it away. */
  get isUnheard(): boolean {
    return this.#endToHear !== null;
  }

  /** Answers with its end, where that was `endsAt` (ms UTC) with the plan before. */
  shorten(plan: Plan, endsAt: number): number {
    const newEnd = endsAt - (durationOf(this.#plan) - durationOf(plan));
    this.#plan = plan;
    return newEnd;
  }

  /** The runner is to say that it ends then. */
  awaits(end: number): void {
    this.#endToHear = end;
  }

  /** Whether this is what the runner has to say; what is still underway from before tells of the former end. */
  hears(endsAt: number): boolean {
    if (this.#endToHear !== null && endsAt > this.#endToHear + SAME_END_MS) return false;
    this.#endToHear = null;
    return true;
  }
}
