import type { JobOutcome } from '../agent/agent-contract.ts';
import type { Clock, Timetable } from '../time/clock.ts';
import type { JobNews } from './job-news.ts';
import type { Leases } from './leases.ts';
import type { OpenJobs } from './open-jobs.ts';
import type { RunningJob } from './running-job.ts';

const REPEAT_MS = 5_000;

export interface EndingPorts {
  readonly clock: Clock;
  readonly jobs: OpenJobs;
  readonly leases: Leases;
  /** When something of a job is due again. */
  readonly timetable: Timetable<RunningJob>;
  readonly news: JobNews;
  save(job: RunningJob): void;
  /** Whether somebody reports what has reached the broker of it. */
  isReported(job: RunningJob): boolean;
  /** It may have its turn with a supply now. */
  proceed(job: RunningJob): void;
}

/**
 * How jobs end: the step that makes the actuator neutral goes out before the row is closed, and again every 5 s until it
 * is known to be delivered. Only then others get what the job had leased.
 */
export class Endings {
  readonly #ports: EndingPorts;

  constructor(ports: EndingPorts) {
    this.#ports = ports;
  }

  end(job: RunningJob, outcome: JobOutcome, reason: string | null): void {
    job.ending(outcome, reason, this.#ports.clock.now());
    this.#ports.jobs.disengage(job);
    this.#ports.save(job);
    this.sendNeutral(job);
  }

  sendNeutral(job: RunningJob): void {
    const { clock, timetable } = this.#ports;
    timetable.set(job, clock.now() + REPEAT_MS);
    this.#ports.news.step(job.neutralStep());
    if (!this.#ports.isReported(job)) this.close(job);
  }

  /** Its successor has the actuator now, and its supply: it sends nothing more. */
  replace(job: RunningJob, successor: RunningJob): void {
    successor.succeeds(job);
    // What it has on ends when it was to end, however long the disk takes for the row of the other one.
    if (successor.restsAt !== null) this.#ports.timetable.set(successor, successor.restsAt);
    if (this.#ports.leases.pass(job, successor)) {
      job.ending('cancelled', 'replaced', this.#ports.clock.now());
      this.close(job);
    } else this.end(job, 'cancelled', 'replaced');
  }

  close(job: RunningJob): void {
    const { clock, jobs, timetable } = this.#ports;
    job.ended(clock.now());
    timetable.delete(job);
    jobs.delete(job);
    this.#ports.save(job);
    this.#ports.news.tell(job, job.record.outcome ?? 'finished');
    this.giveBack(job);
  }

  /** Others may have its supply. */
  giveBack(job: RunningJob): void {
    for (const next of this.#ports.leases.leave(job)) this.#ports.proceed(next);
  }
}
