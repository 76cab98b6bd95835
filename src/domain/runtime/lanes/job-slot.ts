import type { EndedJob, RunningJob } from '../../agent/agent-contract.ts';
import type { JobEvent, JobRecord, JobRequest, JobStep } from '../../job/job.ts';
import { durationOf, type Plan } from '../../job/plan.ts';
import type { RuntimeWires } from '../ports.ts';
import { CurrentJob } from './current-job.ts';
import type { JobHandoff } from './job-handoff.ts';
import { UntoldEnds } from './untold-ends.ts';

/** Why a job runs that a person has ordered past the agent's code. */
export const ORDERED = 'ordered';

type End = Omit<EndedJob, 'id' | 'endedAt'>;

export interface JobSlotOwner {
  /** The running job has changed: what clients are shown. */
  showJob(job: RunningJob | null): void;
  /** `until`: when the job sets another one; null where it is neutral. */
  setValue(value: number, until: number | null): void;
  setNeutral(): void;
  /** Publishes the value if it is another one. */
  showValue(): void;
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
  #current: CurrentJob | null = null;
  /** The job that still has the actuator while the current one is on its way to the runner. */
  #former: string | null = null;
  #order: string | null = null;
  readonly #untold = new UntoldEnds();

  constructor(owner: JobSlotOwner, services: { handoff: JobHandoff; wires: RuntimeWires }) {
    this.#owner = owner;
    this.#handoff = services.handoff;
    this.#wires = services.wires;
  }

  /** A person has ordered the job that runs. */
  get isOrdered(): boolean {
    return this.#current !== null && this.#current.id === this.#order;
  }

  /** The newest job that a person has ordered. */
  isOrder(id: string): boolean {
    return id === this.#order;
  }

  isCurrent(id: string): boolean {
    return id === this.#current?.id;
  }

  get isTaken(): boolean {
    return this.#current !== null;
  }

  /** No job may set the actuator, and of none an end is still to be told. */
  get isFree(): boolean {
    return this.#current === null && this.#former === null && this.#untold.isEmpty;
  }

  /** The plan of the agent's job. */
  get plan(): Plan | null {
    return this.#current?.plan ?? null;
  }

  /**
   * A job of an earlier run: its end is still to be told. One that was running is the agent's still: the runner takes it
   * up by its rule and says how it stands; until then it is presumed to have `present` on, so that nothing blinks. One
   * that had just been planned is asked for once more.
   */
  takeUp(job: JobRecord, present: JobStep | null): void {
    this.#untold.expect(job.id, { startedAt: job.startedAt, maySet: job.status === 'running' });
    if (job.status === 'ending') return;
    if (job.status === 'planned' && !this.#handoff.resend(job, (reason) => this.failed(job.id, reason)))
      return;
    const former = this.#current;
    if (former !== null) this.#handoff.forgo(former.id);
    this.#former = former?.id ?? null;
    this.#current = new CurrentJob(job, this.isPresumed);
    this.#noteOrder(job);
    const startedAt = job.startedAt ?? job.createdAt;
    this.#owner.showJob({ id: job.id, startedAt, endsAt: job.endsAt ?? startedAt + durationOf(job.plan) });
    if (present === null) return;
    this.#show(present);
    this.#set(present);
    this.#current.isPresumed = true;
  }

  /** The runner has said nothing yet of a job of an earlier run that has its actuator on. */
  get isPresumed(): boolean {
    return this.#current?.isPresumed === true;
  }

  /** It is presumed no more: the actuator rests until the runner says something. */
  rest(): void {
    if (this.#current !== null) this.#current.isPresumed = false;
    this.#owner.setNeutral();
  }

  /** A job of an earlier run whose agent has no code: it sets nothing any more, and is cancelled. */
  abandon(job: JobRecord, reason: string): void {
    this.#untold.expect(job.id, { startedAt: job.startedAt, maySet: false });
    if (job.status === 'planned') this.#handoff.giveUp(job);
    else this.#handoff.cancelLater(job.id, reason);
  }

  /** From here on this job is the agent's: a reading in the next millisecond must not begin a second one. */
  begin(request: JobRequest): void {
    const replaced = this.#current?.id ?? null;
    if (replaced !== null && this.#handoff.withdraw(replaced, 'replaced')) {
      this.#tell(replaced, { outcome: 'cancelled', reason: 'replaced', startedAt: null });
    } else if (replaced !== null && this.#untold.startOf(replaced) !== null) this.#former = replaced;
    this.#current = new CurrentJob(request);
    this.#noteOrder(request);
    this.#untold.expect(request.id, { startedAt: null, maySet: true });
    const startedAt = request.createdAt;
    this.#owner.showJob({ id: request.id, startedAt, endsAt: startedAt + durationOf(request.plan) });
    this.#handoff.plan(request, (reason) => this.failed(request.id, reason));
  }

  /** The job came to nothing before it ran. */
  failed(id: string, reason: string): void {
    this.#handoff.refuse(id, reason);
    if (this.isCurrent(id)) this.#revoke('replaced');
    this.#drop(id);
    this.#owner.showValue();
    this.#tell(id, { outcome: 'refused', reason, startedAt: null });
  }

  cancel(reason: string): void {
    const id = this.#current?.id;
    if (id === undefined) return;
    this.#revoke(reason);
    this.#release();
    this.#owner.setNeutral();
    const isWithdrawn = this.#handoff.withdraw(id, reason);
    if (isWithdrawn) this.#tell(id, { outcome: 'cancelled', reason, startedAt: null });
    else this.#wires.cancelJob(id, reason);
  }

  /** The job that runs is to end earlier. */
  shorten({ id, startedAt, endsAt }: RunningJob, plan: Plan): void {
    const current = this.#current;
    if (current?.id !== id) return;
    const newEnd = current.shorten(plan, endsAt);
    this.#owner.showJob({ id, startedAt, endsAt: newEnd });
    if (this.#handoff.cut(id, plan)) current.awaits(newEnd);
  }

  /** The runner has not answered yet to the job's having been shortened: a node on the wire may keep it away. */
  get isUnheard(): boolean {
    return this.#current?.isUnheard === true;
  }

  step(step: JobStep): void {
    this.#handoff.answered(step.job);
    if (this.#current?.id === step.job) {
      this.#current.isPresumed = false;
      this.#set(step);
      this.#former = null;
      if (step.end === null) this.#show(step);
      else this.#release();
    } else if (step.job === this.#former) this.#set(step);
    if (step.end !== null) this.#tell(step.job, { ...step.end, startedAt: step.startedAt });
  }

  event(event: JobEvent): void {
    this.#handoff.answered(event.job);
    if (event.event === 'started' || event.event === 'resumed' || event.event === 'queued')
      this.#noteStanding(event);
    if (event.event === 'finished' || event.event === 'cancelled' || event.event === 'refused') {
      if (event.job === this.#former) this.#former = null;
      const reason = event.reason === undefined ? {} : { reason: event.reason };
      this.#drop(event.job);
      this.#tell(event.job, { outcome: event.event, ...reason, startedAt: event.startedAt });
    }
  }

  #noteOrder({ id, because }: JobRequest): void {
    if (because?.code === ORDERED) this.#order = id;
  }

  #set({ value, until, endsAt }: JobStep): void {
    // A node on the wire may have lost `until`.
    this.#owner.setValue(value, until === undefined ? endsAt : until);
  }

  #noteStanding(event: JobEvent): void {
    const { job, startedAt } = event;
    const hasBegun = event.event !== 'queued';
    if (hasBegun) this.#untold.started(job, startedAt);
    if (this.isCurrent(job)) {
      this.#former = null;
      this.#show(event);
    } else if (this.#untold.maySet(job)) {
      if (hasBegun) this.#former = job;
    }
    // Nobody waits for it any more, e.g. because a node held it back for longer than 5 s.
    else if (!this.#untold.has(job)) this.#wires.cancelJob(job, 'too late');
  }

  #show(times: { job: string; startedAt: number | null; endsAt: number | null }): void {
    if (times.startedAt === null || times.endsAt === null) return;
    if (this.#current?.hears(times.endsAt) === false) return;
    this.#owner.showJob({ id: times.job, startedAt: times.startedAt, endsAt: times.endsAt });
  }

  /** No job that has begun so far may set the actuator any more, nor go on unseen. */
  #revoke(reason: string): void {
    if (this.#former !== null) this.#wires.cancelJob(this.#former, reason);
    this.#untold.revoke();
  }

  #release(): void {
    this.#current = null;
    this.#former = null;
    this.#owner.showJob(null);
  }

  #drop(id: string): void {
    if (!this.isCurrent(id)) return;
    this.#release();
    this.#owner.setNeutral();
  }

  #tell(id: string, end: End): void {
    const startedAt = end.startedAt ?? this.#untold.startOf(id);
    if (this.#untold.tell(id)) this.#owner.jobEnded(id, { ...end, startedAt });
  }
}
