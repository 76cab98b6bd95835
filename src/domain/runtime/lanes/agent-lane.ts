import type { AgentEvent, EndedJob, RunningJob } from '../../agent/agent-contract.ts';
import type { AgentHost, Awaitable } from '../../agent/agent-host.ts';
import type { AgentUi } from '../../agent/agent-ui.ts';
import { RipeError, textOf } from '../../errors.ts';
import type { JobRequest } from '../../job/job.ts';
import { durationOf, type Plan } from '../../job/plan.ts';
import type { AgentTwin, Twin } from '../../sensor/twin.ts';
import type { AgentRecord } from '../../store.ts';
import type { Locale } from '../../time/zones.ts';
import { becauseText } from '../requests/because-body.ts';
import { isSameAgent, recordOf } from './agent-record.ts';
import { inOrder, type Line } from './ask-queue.ts';
import { type Asker, NOBODY } from './asker.ts';
import type { Crew } from './crew.ts';
import { Guard } from './guard.ts';
import { JobSlot, type JobSlotOwner, ORDERED } from './job-slot.ts';
import type { LaneServices } from './lane-services.ts';

/**
 * What is known of one agent at work: the code that decides, what it has on, and its jobs. Who works on it is its crew.
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
    return because === null ? null : becauseText(because, this.host(), { ...NOBODY, locale });
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

  /** Its jobs, where it has any. */
  get slot(): JobSlot | null {
    return this.#slot;
  }

  /** Its jobs, where it is about to have one, or something is heard of one. */
  takeSlot(): JobSlot {
    this.#slot ??= new JobSlot(this, this.#services);
    return this.#slot;
  }

  /** There are many agents: what is known of jobs is kept as long as something is still to be heard of them. */
  leaveSlot(): void {
    if (this.#slot?.isFree) this.#slot = null;
  }

  get #services(): LaneServices {
    return this.#crew.services;
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

  /** The agent is about to be removed: its actuator goes neutral, and it takes no further events. */
  retire(): void {
    // With its sensor all agents retire before the first one leaves the vector.
    if (this.#isRemoved) return;
    this.#isRemoved = true;
    this.#crew.jobs.end(this, 'removed');
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
    this.#crew.jobs.end(this, reason);
    this.setNeutral();
    this.#services.publisher.update(this.twin);
    this.save();
  }

  /** Runs the actuator once, whatever the agent thinks; resolves when that is on disk. */
  async order(plan: Plan): Promise<JobRequest> {
    if (this.#isRemoved) throw new RipeError('RIPE_AUTH_SENSOR');
    const because = { code: ORDERED, params: { seconds: Math.round(durationOf(plan) / 1000) } };
    const { request, stored } = await this.inTurn(() => this.#crew.enactor.order(this, plan, because));
    await stored;
    return request;
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
    this.#crew.overseer.valueSet(this);
  }

  setNeutral(): void {
    this.setValue(this.neutral());
  }

  showValue(): void {
    this.#services.publisher.update(this.twin);
  }

  jobEnded(id: string, end: Omit<EndedJob, 'id' | 'endedAt'>): void {
    this.#crew.jobs.ended(this, id, end);
  }
}
