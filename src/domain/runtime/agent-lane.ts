import type { AgentEvent, EndedJob, RunningJob } from '../agent-contract.ts';
import type { AgentHost, AnyDecision, AnyView, Awaitable } from '../agent-host.ts';
import type { AgentUi } from '../agent-ui.ts';
import { type JobEvent, type JobRecord, type JobRequest, type JobStep, ownerOf } from '../job.ts';
import { cutPlan, type Plan, parsePlan } from '../plan.ts';
import type { AgentTwin, Twin } from '../twin.ts';
import type { Locale } from '../zones.ts';
import { AskQueue } from './ask-queue.ts';
import { JobSlot, type JobSlotOwner } from './job-slot.ts';
import type { LaneServices } from './lane-services.ts';

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
 * One agent at work: asks its agent type about each event, in order, and carries the decisions out. A decision's
 * state and its job are one commit; only then the job goes to the runner, or a held value to the actuator.
 */
export class AgentLane implements JobSlotOwner {
  readonly twin: Twin;
  readonly agent: AgentTwin;
  readonly #services: LaneServices;
  readonly #asks = new AskQueue();
  readonly #slot: JobSlot;
  #isRemoved = false;

  constructor(twin: Twin, agent: AgentTwin, services: LaneServices) {
    this.twin = twin;
    this.agent = agent;
    this.#services = services;
    this.#slot = new JobSlot(this, services);
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
      return await host.render(this.#view(this.#services.clock.now(), asker));
    } catch (error) {
      this.#services.log.error(`${this.name}: cannot draw itself: ${textOf(error)}`);
      return { decorator: { Text: null }, state: 'Error', rendered: textOf(error) };
    }
  }

  /** The code that decides for this agent; undefined while it is parked. */
  host(): AgentHost | undefined {
    return this.#services.agentTypes.get(this.agent.agentName);
  }

  /** A job that an earlier run has left open. */
  takeUp(job: JobRecord): void {
    if (this.host() === undefined) this.#slot.abandon(job, 'parked');
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
    if (step.end !== null) this.#services.publisher.settle(this.twin.id, step.job);
  }

  jobEvent(event: JobEvent): void {
    this.#slot.event(event);
    this.#services.publisher.update(this.twin);
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
  }

  /** The agent's code is not there: its actuator goes neutral, its byte stays in the vector. */
  park(reason: string): void {
    this.agent.parked = reason;
    this.#slot.cancel('parked');
    this.setNeutral();
    this.#services.publisher.update(this.twin);
  }

  /** What the actuator is to hold while RIPE is down: neutral where a job runs. */
  restingValue(): number {
    return this.#slot.isTaken ? this.#neutral() : this.agent.value;
  }

  save(): void {
    if (this.#isRemoved) return;
    const { domain, agentName, version, state, settings, wakeAt } = this.agent;
    const agent = { sensor: this.twin.id, domain, agentName, version, state, settings, wakeAt };
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

  setValue(value: number): void {
    this.agent.value = value;
  }

  setNeutral(): void {
    this.agent.value = this.#neutral();
  }

  showValue(): void {
    this.#services.publisher.update(this.twin);
  }

  jobEnded(id: string, end: Omit<EndedJob, 'id' | 'endedAt'>): void {
    const at = this.#services.clock.now();
    this.notify({ type: 'jobEnded', at, job: { ...end, id, endedAt: at } });
  }

  #neutral(): number {
    return this.host()?.neutral ?? 0;
  }

  #ask(event: AgentEvent, asker: Asker): Promise<void> | undefined {
    const host = this.host();
    if (host === undefined || this.#isRemoved || this.agent.parked !== null) return undefined;
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
  }

  #view(now: number, asker: Asker): AnyView {
    const { state, settings, value, job } = this.agent;
    const { timeZone, locale } = asker;
    return { state, settings, value, job, reading: this.twin.reading, now, timeZone, locale };
  }

  /** A decision that cannot be carried out is the fault of the agent type, like one that it did not make. */
  #tryToApply(event: AgentEvent, decision: AnyDecision, host: AgentHost): Promise<void> | undefined {
    try {
      return this.#apply(event, decision, host);
    } catch (error) {
      this.#fail(event, error);
      return undefined;
    }
  }

  #apply(event: AgentEvent, decision: AnyDecision, host: AgentHost): Promise<void> | undefined {
    if (this.#isRemoved) return undefined;
    const request = isPlan(decision.job) ? this.#request(decision.job, decision, event.at, host) : null;
    const { value } = this.agent;
    // What a job had on was on for that job only: a held value in its place goes back to neutral.
    const before = this.#slot.isTaken ? this.#neutral() : value;
    const hasChanged = this.#keepState(decision);
    if (decision.hold !== undefined || decision.job === 'cancel') this.#slot.cancel('decided');
    if (decision.hold !== undefined) this.agent.value = decision.hold | 0;
    if (request !== null) this.#slot.begin(request);
    const hasActed = request !== null || this.agent.value !== value;
    this.#record(event, decision, request, hasActed || hasChanged);
    if (!hasActed && !hasChanged) return undefined;
    this.save();
    return this.#carryOut(request, decision.hold === undefined ? this.agent.value : before);
  }

  #keepState({ state, wakeAt }: AnyDecision): boolean {
    const { agent } = this;
    const isNewState = state !== undefined && state !== agent.state;
    const isNewAlarm = wakeAt !== undefined && wakeAt !== agent.wakeAt;
    if (isNewState) agent.state = state;
    if (isNewAlarm) {
      agent.wakeAt = wakeAt;
      this.setAlarm();
    }
    return isNewState || isNewAlarm;
  }

  #request(plan: Plan, decision: AnyDecision, at: number, host: AgentHost): JobRequest {
    const { neutral, limits } = host;
    const { id: sensor } = this.twin;
    const { domain } = this.agent;
    return {
      id: this.#services.newId(),
      owner: ownerOf(sensor, domain),
      sensor,
      domain,
      plan: cutPlan(parsePlan(plan, neutral), limits.longestRunMs, neutral),
      neutral,
      createdAt: at,
      because: decision.because,
    };
  }

  async #carryOut(request: JobRequest | null, before: number): Promise<void> {
    const { agent, twin } = this;
    const { publisher, store } = this.#services;
    const held = agent.value;
    // Neutral never waits for the disk: water stops also when the store does not answer.
    if (held === this.#neutral()) publisher.update(twin);
    try {
      await store.commit();
    } catch (error) {
      if (request !== null) this.#slot.failed(request.id, 'the store did not take it');
      else if (agent.value === held && held !== this.#neutral()) agent.value = before;
      // The vector of another agent may have told the value already.
      publisher.update(twin);
      throw error;
    }
    publisher.update(twin);
    if (request !== null) this.#services.handoff.send(request.id);
  }

  #record(event: AgentEvent, decision: AnyDecision, request: JobRequest | null, isWorth: boolean): void {
    const { agent } = this;
    const isNewCause = agent.because?.code !== decision.because.code;
    agent.because = decision.because;
    agent.decidedAt = event.at;
    // A skip is worth a row when its cause is another than last time; else every reading would write one.
    if (!isNewCause && !isWorth) return;
    this.#services.decided({
      sensor: this.twin.id,
      domain: agent.domain,
      at: event.at,
      event: event.type,
      because: decision.because,
      agentName: agent.agentName,
      version: agent.version,
      value: agent.value,
      job: request?.id ?? null,
    });
  }
}

function isPlan(job: AnyDecision['job']): job is Plan {
  return job !== undefined && job !== 'cancel';
}

export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
