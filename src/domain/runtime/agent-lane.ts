import type { AgentEvent, EndedJob, RunningJob } from '../agent-contract.ts';
import type { AgentHost, AnyDecision, AnyView, Awaitable } from '../agent-host.ts';
import type { AgentUi } from '../agent-ui.ts';
import { RipeError } from '../errors.ts';
import { type JobEvent, type JobRecord, type JobRequest, type JobStep, restOf } from '../job.ts';
import { durationOf, type Plan } from '../plan.ts';
import type { AgentTwin, Twin } from '../twin.ts';
import type { Locale } from '../zones.ts';
import { AskQueue } from './ask-queue.ts';
import { Enactor } from './enactor.ts';
import { Guard } from './guard.ts';
import { JobSlot, type JobSlotOwner, ORDERED } from './job-slot.ts';
import type { LaneServices } from './lane-services.ts';
import { LOCKED_OUT, Overseer } from './overseer.ts';
import { becauseText } from './requests/because-body.ts';

/** Who asks: zone and language for texts and times of day. */
export interface Asker {
  readonly timeZone: string;
  readonly locale: Locale;
}

export const NOBODY: Asker = { timeZone: 'UTC', locale: 'en' };

const PARKED = {
  en: (name: string) => `${name} is not loaded`,
  de: (name: string) => `${name} ist nicht geladen`,
};

/**
 * One agent at work: asks its agent type about each event, in order, and takes the steps of its jobs.
 */
export class AgentLane implements JobSlotOwner {
  readonly twin: Twin;
  readonly agent: AgentTwin;
  readonly guard: Guard;
  readonly overseer: Overseer;
  readonly #services: LaneServices;
  readonly #asks = new AskQueue();
  readonly #slot: JobSlot;
  readonly #enactor: Enactor;
  #host: AgentHost | undefined;
  #isRemoved = false;

  constructor(twin: Twin, agent: AgentTwin, services: LaneServices) {
    this.twin = twin;
    this.agent = agent;
    this.#services = services;
    this.guard = new Guard(agent, () => this.host(), services.limits);
    this.#slot = new JobSlot(this, services);
    this.overseer = new Overseer(this, this.#slot, services);
    this.#enactor = new Enactor(this, this.#slot, services);
  }

  get name(): string {
    return `sensor ${this.twin.id}, agent ${this.agent.domain}`;
  }

  /** Asks the agent about an event; a promise resolves when the decision is on disk. */
  handle(event: AgentEvent, asker: Asker = NOBODY): Promise<void> | undefined {
    const done = this.#asks.run(() => this.#ask(event, asker));
    return done instanceof Promise ? done : undefined;
  }

  /** As `handle`, where nobody waits for the answer: what fails has been logged. */
  notify(event: AgentEvent): void {
    this.handle(event)?.catch((error) => this.#services.log.error(`${this.name}: ${textOf(error)}`));
  }

  /** Does something in its turn: events that come meanwhile wait. */
  inTurn<Result>(work: () => Awaitable<Result>): Awaitable<Result> {
    return this.#asks.run(work);
  }

  async render(asker: Asker): Promise<AgentUi> {
    const host = this.host();
    if (host === undefined) {
      const rendered = PARKED[asker.locale](this.agent.agentName);
      return { decorator: { Text: null }, state: 'Disabled', rendered };
    }
    try {
      const ui = await host.render(this.#view(this.#services.clock.now(), asker), this.agent.because);
      const { lockout } = this.guard;
      return lockout === null ? ui : { ...ui, state: 'Error', rendered: LOCKED_OUT[asker.locale](lockout) };
    } catch (error) {
      this.#services.log.error(`${this.name}: cannot draw itself: ${textOf(error)}`);
      return { decorator: { Text: null }, state: 'Error', rendered: textOf(error) };
    }
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

  /** A job that an earlier run has left open. */
  takeUp(job: JobRecord): void {
    this.guard.remember(job, this.#services.clock.now());
    const isLoaded = this.#services.agentTypes.get(this.agent.agentName) !== undefined;
    if (!isLoaded) this.#slot.abandon(job, 'parked');
    else if (this.agent.guard.isIdle && job.status === 'running') this.#slot.abandon(job, 'decided');
    else this.#slot.takeUp(job);
  }

  /** Nobody runs jobs for the moment: what one had on goes neutral, until its runner is back. */
  rest(): void {
    if (!this.#slot.isTaken) return;
    this.setNeutral();
    this.#services.publisher.update(this.twin);
  }

  step(step: JobStep): void {
    this.#slot.step(step);
    this.#services.publisher.update(this.twin);
    const { publisher } = this.#services;
    if (step.end !== null) publisher.settle(this.twin.id, step.job);
    // While it rests others may have its supply, once it is known to be off.
    else if (step.value === this.neutral()) publisher.settle(this.twin.id, restOf(step));
  }

  jobEvent(event: JobEvent): void {
    this.#slot.event(event);
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
    this.#slot.cancel('removed');
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
    this.#slot.cancel(reason);
    this.setNeutral();
    this.#services.publisher.update(this.twin);
    this.save();
  }

  /** Runs the actuator once, whatever the agent thinks; resolves when that is on disk. */
  async order(plan: Plan): Promise<JobRequest> {
    if (this.#isRemoved) throw new RipeError('RIPE_AUTH_SENSOR');
    const because = { code: ORDERED, params: { seconds: Math.round(durationOf(plan) / 1000) } };
    return this.#asks.run(() => this.#enactor.order(plan, because));
  }

  /** Ends the job if it is the one that may set the actuator; false where it is not. */
  cancelJob(id: string, reason: string): boolean {
    if (!this.#slot.isCurrent(id)) return false;
    this.disarm(reason);
    return true;
  }

  /** What the actuator is to hold while RIPE is down: neutral where a job runs. */
  restingValue(): number {
    return this.#slot.isTaken ? this.neutral() : this.agent.value;
  }

  save(): void {
    if (this.#isRemoved) return;
    const { domain, agentName, version, state, settings, wakeAt } = this.agent;
    const guard = { ...this.agent.guard, isIdle: !this.#slot.isTaken };
    const agent = { sensor: this.twin.id, domain, agentName, version, state, settings, wakeAt, guard };
    this.#services.store.write({ type: 'agentSaved', agent: { ...agent, value: this.restingValue() } });
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
    if (this.agent.guard.hold === undefined) this.overseer.watchHold();
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
    this.#tellJob({ ...rest, job: id, event: outcome, at, endsAt: at });
    this.notify({ type: 'jobEnded', at, job: { ...end, id, endedAt: at } });
    // It was not the agent's own: what the agent would do now is asked anew.
    if (end.outcome === 'finished' && this.#slot.isOrder(id)) this.notify({ type: 'started', at });
  }

  #tellJob({ job, event, at, startedAt, endsAt, reason }: Omit<JobEvent, 'owner'>): void {
    const whose = { sensor: this.twin.id, domain: this.agent.domain };
    const why = reason === undefined ? {} : { reason };
    this.#services.wires.event({ kind: 'job', ...whose, job, event, at, startedAt, endsAt, ...why });
  }

  #ask(event: AgentEvent, asker: Asker): Promise<void> | undefined {
    const host = this.host();
    if (host === undefined || this.#isRemoved || this.agent.parked !== null) return undefined;
    if (host.condemned) return undefined;
    if (event.type === 'forced' || event.type === 'settings') this.overseer.release();
    if (this.guard.lockout !== null) return undefined;
    try {
      const answer = host.decide(event, this.#view(event.at, asker));
      if (!(answer instanceof Promise)) return this.#tryToApply(event, answer, host);
      return answer.then(
        (decision) => this.#tryToApply(event, decision, host),
        (error) => this.#fail(event, error),
      );
    } catch (error) {
      this.#fail(event, error);
      return undefined;
    }
  }

  #fail(event: AgentEvent, error: unknown): void {
    this.#services.log.error(
      `${this.name}: ${this.agent.agentName} failed on ${event.type}: ${textOf(error)}`,
    );
    this.agent.because = { code: 'failed', params: { reason: textOf(error) } };
    this.agent.decidedAt = event.at;
    if (this.guard.failed(event.at, textOf(error))) this.overseer.lockOut(event.at);
  }

  #view(now: number, asker: Asker): AnyView {
    const { state, settings, value, job } = this.agent;
    const { timeZone, locale } = asker;
    return { state, settings, value, job, reading: this.twin.reading, now, timeZone, locale };
  }

  /** A decision that cannot be carried out is the fault of the agent type, like one that it did not make. */
  #tryToApply(event: AgentEvent, decision: AnyDecision, host: AgentHost): Promise<void> | undefined {
    try {
      // What comes late from code that has gone meanwhile, or was stopped, is nobody's decision any more.
      if (this.#isRemoved || this.#host !== host || host.condemned) return undefined;
      const done = this.#enactor.enact(event, decision, host);
      this.guard.succeeded();
      return done;
    } catch (error) {
      this.#fail(event, error);
      return undefined;
    }
  }
}

export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
