import type { AgentEvent, EndedJob, RunningJob } from '../agent-contract.ts';
import type { AgentHost, Awaitable } from '../agent-host.ts';
import type { AgentUi } from '../agent-ui.ts';
import { RipeError, textOf } from '../errors.ts';
import { type JobEvent, type JobRecord, type JobRequest, type JobStep, restOf } from '../job.ts';
import { durationOf, type Plan } from '../plan.ts';
import { presentStepOf } from '../runner/taking-up.ts';
import type { AgentRecord } from '../store.ts';
import type { AgentTwin, Twin } from '../twin.ts';
import type { Locale } from '../zones.ts';
import { isSameAgent, recordOf } from './agent-record.ts';
import { inOrder, type Line } from './ask-queue.ts';
import { type Asker, NOBODY } from './asker.ts';
import type { Crew } from './crew.ts';
import { Guard } from './guard.ts';
import { JobSlot, type JobSlotOwner, ORDERED } from './job-slot.ts';
import type { LaneServices } from './lane-services.ts';
import { becauseText } from './requests/because-body.ts';

/**
 * One agent at work: its agent type is asked about each event, in order, and its jobs' steps set its actuator.
 */
export class AgentLane implements JobSlotOwner, Line {
  readonly twin: Twin;
  readonly agent: AgentTwin;
  tail: Promise<unknown> | null = null;
  readonly #crew: Crew;
  #host: AgentHost | undefined;
  /** Of an agent that has had something on or has failed; there are many agents, and most of them rest. */
  #guard: Guard | null = null;
  /** Of an agent with a job. */
  #slot: JobSlot | null = null;
  #isRemoved = false;
  #isResumed = false;
  /** As the store has it from an earlier run, until the first save. */
  #stored: AgentRecord | null = null;

  constructor(twin: Twin, agent: AgentTwin, crew: Crew) {
    this.twin = twin;
    this.agent = agent;
    this.#crew = crew;
  }

  get name(): string {
    return `sensor ${this.twin.id}, agent ${this.agent.domain}`;
  }

  /** Asks the agent about an event; a promise resolves when the decision is on disk. */
  handle(event: AgentEvent, asker: Asker = NOBODY): Promise<void> | undefined {
    return this.#crew.questions.handle(this, event, asker);
  }

  /** As `handle`, where nobody waits for the answer: what fails has been logged. */
  notify(event: AgentEvent): void {
    this.handle(event)?.catch((error) => this.#services.log.error(`${this.name}: ${textOf(error)}`));
  }

  /** Does something in its turn: events that come meanwhile wait. */
  inTurn<Result>(work: () => Awaitable<Result>): Awaitable<Result> {
    return inOrder(this, work);
  }

  render(asker: Asker): Awaitable<AgentUi> {
    return this.#crew.questions.render(this, asker);
  }

  /** Why it last decided as it did, as a sentence; null: it has not yet. */
  reason(locale: Locale): string | null {
    const { because } = this.agent;
    return because === null ? null : becauseText(because, this.host(), locale);
  }

  /** The code that decides for this agent; undefined while it is parked. */
  host(): AgentHost | undefined {
    return this.#host;
  }

  get isRemoved(): boolean {
    return this.#isRemoved;
  }

  /** It goes on from an earlier run. */
  get isResumed(): boolean {
    return this.#isResumed;
  }

  get guard(): Guard {
    this.#guard ??= new Guard(this, this.#services.limits);
    return this.#guard;
  }

  /** Its agent type has answered as it should. */
  succeeded(): void {
    this.#guard?.succeeded();
  }

  /** A job may set the actuator. */
  get isTaken(): boolean {
    return this.#slot?.isTaken === true;
  }

  /** A person has ordered the job that runs. */
  get isOrdered(): boolean {
    return this.#slot?.isOrdered === true;
  }

  /** The job that may set the actuator, or is about to. */
  get slot(): JobSlot {
    this.#slot ??= new JobSlot(this, this.#services);
    return this.#slot;
  }

  get #services(): LaneServices {
    return this.#crew.services;
  }

  /** Nothing is left to be heard of its jobs. */
  #free(): void {
    if (this.#slot?.isFree) this.#slot = null;
  }

  /** From now on this version decides, however long another one has been in service. */
  use(host: AgentHost | undefined): void {
    const former = this.#host;
    if (former === host) return;
    this.#host = host;
    if (host !== undefined) this.#services.agentTypes.hold(host);
    if (former !== undefined) this.#services.agentTypes.release(former);
  }

  /** The value that is safe, also where the code that says it is not there. */
  neutral(): number {
    return this.#host?.neutral ?? this.#services.agentTypes.neutralOf(this.agent.agentName);
  }

  /** What an earlier run has stored of this agent. */
  isStoredAs(record: AgentRecord): void {
    this.#stored = record;
    this.#isResumed = true;
  }

  /** A job that an earlier run has left open. */
  takeUp(job: JobRecord): void {
    const now = this.#services.clock.now();
    this.guard.remember(job, now);
    const isLoaded = this.#services.agentTypes.get(this.agent.agentName) !== undefined;
    if (!isLoaded) this.slot.abandon(job, 'parked');
    else if (this.agent.guard.isIdle && job.status === 'running') this.slot.abandon(job, 'decided');
    else {
      this.slot.takeUp(job, presentStepOf(job, now));
      this.#crew.overseer.jobTakenUp(this);
    }
  }

  /** Nobody runs jobs for the moment: what one had on goes neutral, until its runner is back. */
  rest(): void {
    if (!this.isTaken) return;
    this.slot.rest();
    this.#services.publisher.update(this.twin);
  }

  step(step: JobStep): void {
    this.slot.step(step);
    this.#free();
    this.#services.publisher.update(this.twin);
    const { publisher } = this.#services;
    if (step.end !== null) publisher.settle(this.twin.id, step.job);
    // While it rests others may have its supply, once it is known to be off.
    else if (step.value === this.neutral()) publisher.settle(this.twin.id, restOf(step));
  }

  jobEvent(event: JobEvent): void {
    this.slot.event(event);
    this.#free();
    // With the step that follows at once the actuator goes on without a blink.
    if (event.event !== 'resumed') this.#services.publisher.update(this.twin);
    // Ends are told by `jobEnded`, once, whoever has ended it.
    if (event.event === 'started' || event.event === 'queued' || event.event === 'resumed')
      this.#tellJob(event);
  }

  /** The agent is about to be removed: its actuator goes neutral, and it takes no further events. */
  retire(): void {
    // With its sensor all agents retire before the first one leaves the vector.
    if (this.#isRemoved) return;
    this.#isRemoved = true;
    this.endJob('removed');
    this.setNeutral();
    this.#services.wakeUps.delete(this);
    this.#services.publisher.update(this.twin);
    this.use(undefined);
  }

  /** The agent's code is not there: its actuator goes neutral, its byte stays in the vector. */
  park(reason: string): void {
    this.agent.parked = reason;
    delete this.agent.behind;
    this.disarm('parked');
    this.use(undefined);
  }

  /** Ends the agent's job and makes its actuator neutral. */
  disarm(reason: string): void {
    this.endJob(reason);
    this.setNeutral();
    this.#services.publisher.update(this.twin);
    this.save();
  }

  /** Its job is to end; its actuator goes neutral. */
  endJob(reason: string): void {
    this.#slot?.cancel(reason);
    this.#free();
  }

  /** A job came to nothing before it ran. */
  jobFailed(id: string, reason: string): void {
    this.slot.failed(id, reason);
    this.#free();
  }

  /** Runs the actuator once, whatever the agent thinks; resolves when that is on disk. */
  async order(plan: Plan): Promise<JobRequest> {
    if (this.#isRemoved) throw new RipeError('RIPE_AUTH_SENSOR');
    const because = { code: ORDERED, params: { seconds: Math.round(durationOf(plan) / 1000) } };
    const { request, stored } = await this.inTurn(() => this.#crew.enactor.order(this, plan, because));
    await stored;
    return request;
  }

  /** Ends the job if it is the one that may set the actuator; false where it is not. */
  cancelJob(id: string, reason: string): boolean {
    if (this.#slot?.isCurrent(id) !== true) return false;
    this.disarm(reason);
    return true;
  }

  /** What the actuator is to hold while RIPE is down: neutral where a job runs. */
  restingValue(): number {
    return this.isTaken ? this.neutral() : this.agent.value;
  }

  save(): void {
    if (this.#isRemoved) return;
    const agent = recordOf(this);
    const stored = this.#stored;
    this.#stored = null;
    // A start of a large garden would write all of it anew.
    if (stored === null || !isSameAgent(stored, agent))
      this.#services.store.write({ type: 'agentSaved', agent });
  }

  /** Enters the agent's wake-up in the timetable. */
  setAlarm(): void {
    if (this.agent.wakeAt === null) this.#services.wakeUps.delete(this);
    else this.#services.wakeUps.set(this, this.agent.wakeAt);
  }

  wake(at: number): void {
    this.agent.wakeAt = null;
    this.notify({ type: 'woken', at });
  }

  showJob(job: RunningJob | null): void {
    this.agent.job = job;
  }

  setValue(value: number, until: number | null = null): void {
    this.agent.value = value;
    this.agent.until = value === this.neutral() ? null : until;
    this.guard.noted(value !== this.neutral(), this.#services.clock.now());
    if (this.agent.guard.hold === undefined) this.#crew.overseer.watchHold(this);
  }

  setNeutral(): void {
    this.setValue(this.neutral());
  }

  showValue(): void {
    this.#services.publisher.update(this.twin);
  }

  jobEnded(id: string, end: Omit<EndedJob, 'id' | 'endedAt'>): void {
    const at = this.#services.clock.now();
    const { outcome, ...rest } = end;
    const isOrder = this.#slot?.isOrder(id) === true;
    this.#tellJob({ ...rest, job: id, event: outcome, at, endsAt: at });
    this.notify({ type: 'jobEnded', at, job: { ...end, id, endedAt: at } });
    // It was not the agent's own: what the agent would do now is asked anew.
    if (outcome === 'finished' && isOrder) this.notify({ type: 'started', at });
  }

  #tellJob({ job, event, at, startedAt, endsAt, reason }: Omit<JobEvent, 'owner'>): void {
    const whose = { sensor: this.twin.id, domain: this.agent.domain };
    const why = reason === undefined ? {} : { reason };
    this.#services.wires.event({ kind: 'job', ...whose, job, event, at, startedAt, endsAt, ...why });
  }
}
