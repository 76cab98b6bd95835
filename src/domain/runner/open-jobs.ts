import type { RunningJob } from './running-job.ts';

/** The jobs that have not ended, by their id, and the one of each owner that has its actuator. */
export class OpenJobs {
  readonly #byId = new Map<string, RunningJob>();
  readonly #byOwner = new Map<string, RunningJob>();

  /** How many have an actuator, or wait for their turn with it. */
  get runningCount(): number {
    return this.#byOwner.size;
  }

  get(id: string): RunningJob | undefined {
    return this.#byId.get(id);
  }

  of(owner: string): RunningJob | undefined {
    return this.#byOwner.get(owner);
  }

  all(): RunningJob[] {
    return [...this.#byId.values()];
  }

  running(): Iterable<RunningJob> {
    return this.#byOwner.values();
  }

  add(job: RunningJob): void {
    this.#byId.set(job.record.id, job);
  }

  /** From here on its owner's actuator is the job's. */
  engage(job: RunningJob): void {
    this.#byOwner.set(job.record.owner, job);
  }

  /** It gives its actuator back, if nobody has it by now. */
  disengage(job: RunningJob): void {
    if (this.#byOwner.get(job.record.owner) === job) this.#byOwner.delete(job.record.owner);
  }

  delete(job: RunningJob): void {
    this.#byId.delete(job.record.id);
  }
}
