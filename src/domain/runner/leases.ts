import type { RunningJob } from './running-job.ts';
import { type Capacities, Supplies } from './supplies.ts';

/** The supplies as jobs see them: a job without one never waits. */
export class Leases {
  readonly #supplies: Supplies<RunningJob>;

  constructor(capacities: Capacities) {
    this.#supplies = new Supplies(capacities);
  }

  /** Whether the job may turn its actuator on; if not, it has a place in the queue. */
  take(job: RunningJob): boolean {
    const { supply, priority } = job.record.plan;
    return supply === undefined || this.#supplies.take(supply, job, priority);
  }

  /** What a job may have had on before a restart is its own until it is known to be off. */
  keep(job: RunningJob): void {
    const { supply } = job.record.plan;
    if (supply !== undefined) this.#supplies.keep(supply, job);
  }

  /** False where the successor wants another supply, or none: then the lease is not its to have. */
  pass(job: RunningJob, successor: RunningJob): boolean {
    const { supply } = job.record.plan;
    if (supply === undefined) return true;
    if (supply !== successor.record.plan.supply) return false;
    this.#supplies.pass(supply, job, successor);
    return true;
  }

  /** Gives the job's lease or place back; returns who may try now. */
  leave(job: RunningJob): readonly RunningJob[] {
    const { supply } = job.record.plan;
    return supply === undefined ? [] : this.#supplies.leave(supply, job);
  }

  /** How long the job will have to wait, as far as anybody knows, in ms. */
  waitOf(job: RunningJob, now: number): number {
    const { supply } = job.record.plan;
    if (supply === undefined) return 0;
    const left = (holder: RunningJob) => Math.max(0, (holder.nextAt() ?? now) - now) + holder.phaseMs;
    return this.#supplies.waitOf(supply, job, { left, needs: (waiting) => waiting.phaseMs });
  }
}
