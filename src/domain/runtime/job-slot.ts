import type { EndedJob, RunningJob } from '../agent-contract.ts';
import type { JobEvent, JobRequest, JobStep } from '../job.ts';
import { durationOf } from '../plan.ts';
import type { JobHandoff } from './job-handoff.ts';
import type { RuntimeWires } from './ports.ts';

type End = Omit<EndedJob, 'id' | 'endedAt'>;

export interface JobSlotOwner {
  /** The running job has changed: what clients are shown. */
  showJob(job: RunningJob | null): void;
  setValue(value: number): void;
  setNeutral(): void;
  /** The agent is to be told that a job of its own is over. */
  jobEnded(id: string, end: End): void;
}

/**
 * The one job that may set an agent's actuator. A job that was replaced or cancelled may still send steps: they set
 * nothing any more. Every job's end is told to the agent once.
 */
export class JobSlot {
  readonly #owner: JobSlotOwner;
  readonly #handoff: JobHandoff;
  readonly #wires: RuntimeWires;
  #current: string | null = null;
  readonly #untold = new Map<string, { startedAt: number | null }>();

  constructor(owner: JobSlotOwner, services: { handoff: JobHandoff; wires: RuntimeWires }) {
    this.#owner = owner;
    this.#handoff = services.handoff;
    this.#wires = services.wires;
  }

  get isTaken(): boolean {
    return this.#current !== null;
  }

  /** A job of an earlier run: its end is still to be told. */
  remember(id: string, startedAt: number | null): void {
    this.#untold.set(id, { startedAt });
  }

  /** From here on this job is the agent's: a reading in the next millisecond must not begin a second one. */
  begin(request: JobRequest): void {
    const replaced = this.#current;
    if (replaced !== null && this.#handoff.withdraw(replaced, 'replaced')) {
      this.#tell(replaced, { outcome: 'cancelled', reason: 'replaced', startedAt: null });
    }
    this.#current = request.id;
    this.#untold.set(request.id, { startedAt: null });
    const startedAt = request.createdAt;
    this.#owner.showJob({ id: request.id, startedAt, endsAt: startedAt + durationOf(request.plan) });
    this.#handoff.plan(request, (reason) => this.failed(request.id, reason));
  }

  /** The job came to nothing before it ran. */
  failed(id: string, reason: string): void {
    this.#drop(id);
    this.#tell(id, { outcome: 'refused', reason, startedAt: null });
  }

  cancel(reason: string): void {
    const id = this.#current;
    if (id === null) return;
    this.#release();
    this.#owner.setNeutral();
    if (this.#handoff.withdraw(id, reason)) this.#tell(id, { outcome: 'cancelled', reason, startedAt: null });
    else this.#wires.cancelJob(id, reason);
  }

  step(step: JobStep): void {
    if (step.job === this.#current) {
      this.#owner.setValue(step.value);
      if (step.end === null) this.#show(step);
      else this.#release();
    }
    if (step.end !== null) this.#tell(step.job, { ...step.end, startedAt: step.startedAt });
  }

  event(event: JobEvent): void {
    this.#handoff.answered(event.job);
    if (event.event === 'started' || event.event === 'resumed') this.#noteStart(event);
    if (event.event === 'finished' || event.event === 'cancelled' || event.event === 'refused') {
      const reason = event.reason === undefined ? {} : { reason: event.reason };
      this.#drop(event.job);
      this.#tell(event.job, { outcome: event.event, ...reason, startedAt: event.startedAt });
    }
  }

  #noteStart(event: JobEvent): void {
    const untold = this.#untold.get(event.job);
    if (untold !== undefined) untold.startedAt = event.startedAt;
    if (event.job === this.#current) this.#show(event);
    // Nobody waits for it any more, e.g. because a node held it back for longer than 5 s.
    else if (untold === undefined) this.#wires.cancelJob(event.job, 'too late');
  }

  #show(times: { job: string; startedAt: number | null; endsAt: number | null }): void {
    if (times.startedAt === null || times.endsAt === null) return;
    this.#owner.showJob({ id: times.job, startedAt: times.startedAt, endsAt: times.endsAt });
  }

  #release(): void {
    this.#current = null;
    this.#owner.showJob(null);
  }

  #drop(id: string): void {
    if (this.#current !== id) return;
    this.#release();
    this.#owner.setNeutral();
  }

  #tell(id: string, end: End): void {
    const untold = this.#untold.get(id);
    if (untold === undefined) return;
    this.#untold.delete(id);
    this.#owner.jobEnded(id, { ...end, startedAt: end.startedAt ?? untold.startedAt });
  }
}
