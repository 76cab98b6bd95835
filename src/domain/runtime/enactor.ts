import type { AgentEvent, Because, Cut, EndedJob } from '../agent-contract.ts';
import type { AgentHost, AnyDecision } from '../agent-host.ts';
import { RipeError } from '../errors.ts';
import { type JobRequest, ownerOf } from '../job.ts';
import { LIMIT_NAMES } from '../permit.ts';
import { type Plan, parsePlan } from '../plan.ts';
import { firstStepOf } from '../runner/taking-up.ts';
import type { AgentTwin, Twin } from '../twin.ts';
import type { DecisionLog } from './decision-log.ts';
import type { FirstValue } from './drafts.ts';
import type { Asked, Guard } from './guard.ts';
import type { JobSlot } from './job-slot.ts';
import type { LaneServices } from './lane-services.ts';
import type { Overseer } from './overseer.ts';
import { type Held, Unstored } from './unstored.ts';

/** The agent whose decisions are carried out. */
export interface EnactingAgent {
  readonly twin: Twin;
  readonly agent: AgentTwin;
  readonly guard: Guard;
  readonly decisions: DecisionLog;
  neutral(): number;
  setValue(value: number): void;
  readonly overseer: Overseer;
  jobEnded(id: string, end: Omit<EndedJob, 'id' | 'endedAt'>): void;
  save(): void;
  setAlarm(): void;
}

/** What the hard limits have left of a decision. */
interface Permitted {
  readonly request: JobRequest | null;
  readonly hold: number | undefined;
  readonly cut: Cut | null;
}

interface Outcome {
  readonly request: JobRequest | null;
  readonly hasChanged: boolean;
  /** How the agent was before a value was held; null where none is. */
  readonly before: Held | null;
}

/**
 * Carries the decisions of one agent out. A decision's state, its job and the command that comes of it are one commit;
 * only then a held value goes to the actuator. A job may be with the runner before that, which waits for the same commit.
 */
export class Enactor {
  readonly #lane: EnactingAgent;
  readonly #slot: JobSlot;
  readonly #services: LaneServices;
  readonly #unstored = new Unstored();

  constructor(lane: EnactingAgent, slot: JobSlot, services: LaneServices) {
    this.#lane = lane;
    this.#slot = slot;
    this.#services = services;
  }

  /** Resolves when the decision is on disk; undefined where it changes nothing. */
  enact(event: AgentEvent, decision: AnyDecision, host: AgentHost): Promise<void> | undefined {
    const asked = this.#asked(event);
    const isOrdered = this.#slot.isOrdered && !isByPerson(event);
    const { request, hold, cut } = isOrdered ? NOTHING : this.#permit(decision, host, asked);
    const { value, state, wakeAt } = this.#lane.agent;
    // What a job had on was on for that job only: a held value in its place goes back to neutral.
    const before = { value: this.#slot.isTaken ? this.#lane.neutral() : value, state, wakeAt };
    const hasChanged = this.#keepState(decision);
    const isCancel = decision.job === 'cancel' && !isOrdered;
    const isEnding = asked.isTaken && (hold !== undefined || isCancel);
    if (isEnding) this.#slot.cancel('decided');
    if (hold !== undefined) this.#hold(hold, asked);
    if (request !== null) this.#begin(request, asked);
    const hasActed = request !== null || isEnding || this.#lane.agent.value !== value;
    const { because } = decision;
    const isWorth = hasActed || hasChanged;
    this.#lane.decisions.decided(event, { because, job: request?.id ?? null, cut, isWorth });
    const done = this.#keep({
      request,
      hasChanged: isWorth,
      before: hold === undefined ? null : before,
    });
    if (!isRefusedRun(decision, request)) return done;
    return this.#refuse(isOrdered ? ORDER_GOES_ON : refusalOf(cut), done);
  }

  /**
   * Runs an actuator once because a person wants it, in the place of whatever runs; of the hard limits only the longest
   * run cuts it. `stored` resolves when it is on disk, and on its way.
   */
  order(asked: Plan, because: Because): { request: JobRequest; stored: Promise<void> | undefined } {
    const now = this.#services.clock.now();
    const neutral = this.#lane.neutral();
    const standing = { now, isForced: true, isTaken: this.#slot.isTaken };
    const { plan, cut } = this.#lane.guard.permitRun(parsePlan(asked, neutral), neutral, standing);
    if (plan === null) throw new RipeError('RIPE_JOB_REFUSED', { reason: refusalOf(cut) });
    const request = this.#request({ plan, cut }, because, now, neutral);
    this.#begin(request, standing);
    const made = { because, job: request.id, cut, isWorth: true };
    this.#lane.decisions.decided({ type: 'order', at: now }, made);
    return { request, stored: this.#keep({ request, hasChanged: true, before: null }) };
  }

  #asked(event: AgentEvent): Asked {
    const { isTaken } = this.#slot;
    return { now: this.#services.clock.now(), isForced: event.type === 'forced', isTaken };
  }

  /** What the hard limits leave of a decision. */
  #permit(decision: AnyDecision, host: AgentHost, asked: Asked): Permitted {
    const { hold, job } = decision;
    if (isPlan(job)) {
      const { plan, cut } = this.#lane.guard.permitRun(parsePlan(job, host.neutral), host.neutral, asked);
      const request =
        plan === null ? null : this.#request({ plan, cut }, decision.because, asked.now, host.neutral);
      return { request, hold: plan === null ? undefined : hold, cut };
    }
    const isOn = hold !== undefined && (hold | 0) !== host.neutral;
    const cut = isOn ? this.#lane.guard.refusedHold(asked) : null;
    return { request: null, hold: cut === null ? hold : undefined, cut };
  }

  #hold(value: number, asked: Asked): void {
    this.#lane.setValue(value | 0);
    if (this.#lane.agent.value === this.#lane.neutral()) return;
    this.#lane.guard.holds(asked);
    this.#lane.overseer.watchHold();
  }

  #begin(request: JobRequest, { now }: Asked): void {
    this.#lane.guard.endHold(now);
    this.#lane.overseer.watchHold();
    this.#slot.begin(request);
  }

  #keep({ request, hasChanged, before }: Outcome): Promise<void> | undefined {
    if (!hasChanged) return undefined;
    this.#lane.save();
    return this.#carryOut(request, before);
  }

  /** The agent has planned a run that its limits do not allow: it is told, as of any other that came to nothing. */
  async #refuse(reason: string, done: Promise<void> | undefined): Promise<void> {
    await done;
    this.#lane.jobEnded(this.#services.newId(), { outcome: 'refused', reason, startedAt: null });
  }

  #keepState({ state, wakeAt }: AnyDecision): boolean {
    const { agent } = this.#lane;
    const isNewState = state !== undefined && state !== agent.state;
    const isNewAlarm = wakeAt !== undefined && wakeAt !== agent.wakeAt;
    if (isNewState) agent.state = state;
    if (isNewAlarm) {
      agent.wakeAt = wakeAt;
      this.#lane.setAlarm();
    }
    return isNewState || isNewAlarm;
  }

  #request(
    { plan, cut }: { plan: Plan; cut: Cut | null },
    because: Because,
    createdAt: number,
    neutral: number,
  ): JobRequest {
    const { id: sensor } = this.#lane.twin;
    const { domain } = this.#lane.agent;
    return {
      id: this.#services.newId(),
      owner: ownerOf(sensor, domain),
      sensor,
      domain,
      plan,
      neutral,
      createdAt,
      because,
      ...(cut === null ? {} : { cut }),
    };
  }

  async #carryOut(request: JobRequest | null, before: Held | null): Promise<void> {
    const { agent, twin } = this.#lane;
    const { publisher, store, handoff } = this.#services;
    const { value, state, wakeAt } = agent;
    const held = before === null || value === this.#lane.neutral() ? null : { value, state, wakeAt };
    if (held !== null) this.#unstored.enter(value, before as Held);
    // Neutral never waits for the disk: water stops also when the store does not answer.
    if (value === this.#lane.neutral()) publisher.update(twin);
    const isAhead = request !== null && handoff.sendAhead(request.id);
    const draft = publisher.prepare(twin, isAhead && held === null ? this.#firstOf(request) : null);
    try {
      await store.commit();
    } catch (error) {
      if (request !== null) this.#slot.failed(request.id, 'the store did not take it');
      if (held !== null) this.#goBack(held, this.#unstored.refused());
      publisher.update(twin);
      throw error;
    }
    if (held !== null) this.#unstored.stored(held);
    publisher.stored(draft);
    publisher.update(twin);
    if (request !== null) handoff.send(request.id);
  }

  /** What the job is going to set, if nothing keeps it waiting. */
  #firstOf(request: JobRequest): FirstValue | null {
    const step = firstStepOf(request, this.#services.clock.now());
    if (step === null) return null;
    return { domain: this.#lane.agent.domain, job: request.id, value: step.value, until: step.until };
  }

  /** What was refused must not come with the next start: what is queued of it is saved as it was before. */
  #goBack(held: Held, before: Held | null): void {
    const { agent } = this.#lane;
    if (before === null || agent.value !== held.value) return;
    if (agent.state === held.state) {
      agent.state = before.state;
      agent.wakeAt = before.wakeAt;
      this.#lane.setAlarm();
    }
    this.#lane.setValue(before.value);
    this.#lane.save();
  }
}

/** While a person's own run goes on, the agent may think what it likes. */
const NOTHING: Permitted = { request: null, hold: undefined, cut: null };
const ORDER_GOES_ON = 'ordered run';

function isByPerson({ type }: AgentEvent): boolean {
  return type === 'forced' || type === 'settings';
}

function refusalOf(cut: Cut | null): string {
  return cut === null ? 'refused' : LIMIT_NAMES[cut.limit];
}

function isPlan(job: AnyDecision['job']): job is Plan {
  return job !== undefined && job !== 'cancel';
}

/** What a decision asks for and does not get. */
function isRefusedRun(decision: AnyDecision, request: JobRequest | null): boolean {
  return isPlan(decision.job) && request === null;
}
