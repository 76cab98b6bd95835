import type { JobEvent, JobEventName, JobStep } from '../job/job.ts';
import type { Clock } from '../time/clock.ts';
import type { RunningJob } from './running-job.ts';

interface NewsPorts {
  readonly clock: Clock;
  step(step: JobStep): void;
  event(event: JobEvent): void;
}

/** What others hear of jobs: their steps, and how they stand. */
export class JobNews {
  readonly #ports: NewsPorts;

  constructor(ports: NewsPorts) {
    this.#ports = ports;
  }

  step(step: JobStep): void {
    this.#ports.step(step);
  }

  tell(job: RunningJob, event: JobEventName): void {
    this.#ports.event(job.event(event, this.#ports.clock.now()));
  }

  /** That it has started, once. */
  announce(job: RunningJob): void {
    if (job.isAnnounced) return;
    job.isAnnounced = true;
    this.tell(job, 'started');
  }

  /** It goes on after an earlier run. */
  resume(job: RunningJob): void {
    job.isAnnounced = true;
    this.standing(job, 'resumed');
  }

  /** It waits for its supply; it may stand in for a job that had the actuator on. */
  queue(job: RunningJob): void {
    this.step(job.presentStep());
    this.tell(job, 'queued');
  }

  /** How it stands; `running`: what to call it where it runs. */
  standing(job: RunningJob, running: 'started' | 'resumed'): void {
    if (job.isWaiting) this.tell(job, 'queued');
    else if (job.isAnnounced) this.tell(job, running);
    if (job.isAnnounced) this.step(job.presentStep());
  }
}
