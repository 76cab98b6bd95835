import type { JobOutcome } from '../agent-contract.ts';
import type { Clock, Timetable, TimetableFactory } from '../clock.ts';
import type { JobEvent, JobRequest, JobStep } from '../job.ts';
import type { Store } from '../store.ts';
import { RunningJob, resumeRecord } from './running-job.ts';

export interface RunnerPorts {
  readonly store: Pick<Store, 'write' | 'commit' | 'openJobs'>;
  readonly clock: Clock;
  readonly timetable: TimetableFactory;
  step(step: JobStep): void;
  event(event: JobEvent): void;
  /** True: a job closes once somebody reports its last step delivered. False: as soon as that is sent. */
  readonly waitsForDelivery: boolean;
}

const REPEAT_MS = 5_000;

/**
 * The timetable of all jobs. A job's row is on disk before its first step goes out; its last step, which makes the
 * actuator neutral, goes out before the row is closed, and again every 5 s until it is known to be delivered.
 */
export class JobRunner {
  readonly #ports: RunnerPorts;
  readonly #jobs = new Map<string, RunningJob>();
  readonly #byOwner = new Map<string, RunningJob>();
  readonly #timetable: Timetable<RunningJob>;

  constructor(ports: RunnerPorts) {
    this.#ports = ports;
    this.#timetable = ports.timetable((job: RunningJob) => this.#due(job));
  }

  get runningJobs(): number {
    return this.#byOwner.size;
  }

  /** Makes every actuator neutral whose job an earlier run has left open. */
  async start(): Promise<void> {
    for (const record of await this.#ports.store.openJobs()) {
      const job = resumeRecord(record);
      this.#jobs.set(record.id, job);
      this.#end(job, record.outcome ?? 'cancelled', record.reason ?? 'restart');
    }
  }

  /** Rows stay: the next start closes them. */
  stop(): void {
    this.#timetable.stop();
  }

  /** Starts a job in place of its owner's running one. Asked twice under one id, it starts once. */
  async request(request: JobRequest): Promise<void> {
    const known = this.#jobs.get(request.id);
    if (known !== undefined) {
      if (known.record.startedAt !== null) this.#tell(known, 'started');
      return;
    }
    const job = new RunningJob(request);
    this.#jobs.set(request.id, job);
    const replaced = this.#byOwner.get(request.owner);
    this.#byOwner.set(request.owner, job);
    job.begin(this.#ports.clock.now());
    if (replaced !== undefined) this.#replace(replaced);
    this.#save(job);
    try {
      await this.#ports.store.commit();
    } catch (error) {
      // It may have been replaced or cancelled meanwhile.
      if (job.record.status === 'running') this.#end(job, 'refused', 'the store did not take it');
      throw error;
    }
    if (job.record.status !== 'running') return;
    this.#tell(job, 'started');
    this.#due(job);
  }

  /** Ends a job now. An unknown one has ended before, or never came. */
  cancel(id: string, reason: string): void {
    const job = this.#jobs.get(id);
    if (job?.record.status === 'running') this.#end(job, 'cancelled', reason);
  }

  /** The job's last step has reached the broker. */
  delivered(id: string): void {
    const job = this.#jobs.get(id);
    if (job?.record.status === 'ending') this.#close(job);
  }

  /** Takes every step that is due, then waits for the next. */
  #due(job: RunningJob): void {
    if (job.record.status === 'ending') this.#sendNeutral(job);
    else this.#advance(job, this.#ports.clock.now());
  }

  #advance(job: RunningJob, now: number): void {
    let next = job.nextAt();
    while (next !== null && next <= now) {
      const step = job.takeStep();
      if (step.end !== null) {
        this.#end(job, step.end.outcome, null);
        return;
      }
      this.#ports.step(step);
      next = job.nextAt();
    }
    if (next !== null) this.#timetable.set(job, next);
  }

  #end(job: RunningJob, outcome: JobOutcome, reason: string | null): void {
    job.ending(outcome, reason);
    if (this.#byOwner.get(job.record.owner) === job) this.#byOwner.delete(job.record.owner);
    this.#save(job);
    this.#sendNeutral(job);
  }

  #sendNeutral(job: RunningJob): void {
    this.#timetable.set(job, this.#ports.clock.now() + REPEAT_MS);
    this.#ports.step(job.neutralStep());
    if (!this.#ports.waitsForDelivery) this.#close(job);
  }

  /** Its successor has the actuator now: it sends nothing more. */
  #replace(job: RunningJob): void {
    job.ending('cancelled', 'replaced');
    this.#close(job);
  }

  #close(job: RunningJob): void {
    job.ended(this.#ports.clock.now());
    this.#timetable.delete(job);
    this.#jobs.delete(job.record.id);
    this.#save(job);
    this.#tell(job, job.record.outcome ?? 'finished');
  }

  #save(job: RunningJob): void {
    this.#ports.store.write({ type: 'jobSaved', job: job.record });
  }

  #tell(job: RunningJob, event: JobEvent['event']): void {
    this.#ports.event(job.event(event, this.#ports.clock.now()));
  }
}
