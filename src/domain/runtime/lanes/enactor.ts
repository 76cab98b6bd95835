import type { AgentEvent, Because, Cut } from '../../agent/agent-contract.ts';
import type { AgentHost, AnyDecision } from '../../agent/agent-host.ts';
import { RipeError } from '../../errors.ts';
import { type JobRequest, ownerOf } from '../../job/job.ts';
import { LIMIT_NAMES } from '../../job/permit.ts';
import { type Plan, parsePlan } from '../../job/plan.ts';
import type { AgentJobs } from './agent-jobs.ts';
import type { AgentLane } from './agent-lane.ts';
import { Committer } from './committer.ts';
import type { DecisionLog } from './decision-log.ts';
import type { Asked } from './guard.ts';
import type { LaneServices } from './lane-services.ts';
import type { Overseer } from './overseer.ts';
import type { Held } from './unstored.ts';

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

interface EnactorPorts {
  readonly decisions: DecisionLog;
  readonly jobs: AgentJobs;
  readonly overseer: Overseer;
  readonly services: LaneServices;
}

/** Carries out what agents decide, and what persons order, as far as the hard limits allow it. */
export class Enactor {
  readonly #decisions: DecisionLog;
  readonly #jobs: AgentJobs;
  readonly #overseer: Overseer;
  readonly #services: LaneServices;
  readonly #committer: Committer;

  constructor({ decisions, jobs, overseer, services }: EnactorPorts) {
    this.#decisions = decisions;
    this.#jobs = jobs;
    this.#overseer = overseer;
    this.#services = services;
    this.#committer = new Committer(jobs, services);
  }

  /** Resolves when the decision is on disk; undefined where it changes nothing. */
  enact(
    lane: AgentLane,
    event: AgentEvent,
    decision: AnyDecision,
    host: AgentHost,
  ): Promise<void> | undefined {
    const asked = this.#asked(lane, event);
    const isOrdered = lane.isOrdered && !isByPerson(event);
    const { request, hold, cut } = isOrdered ? NOTHING : this.#permit(lane, decision, host, asked);
    const { value, state, wakeAt } = lane.agent;
    // What a job had on was on for that job only: a held value in its place goes back to neutral.
    const before = { value: lane.isTaken ? lane.neutral() : value, state, wakeAt };
    const hasChanged = this.#keepState(lane, decision);
    const isCancel = decision.job === 'cancel' && !isOrdered;
    const isEnding = asked.isTaken && (hold !== undefined || isCancel);
    if (isEnding) this.#jobs.end(lane, 'decided');
    if (hold !== undefined) this.#hold(lane, hold, asked);
    if (request !== null) this.#begin(lane, request, asked);
    const hasActed = request !== null || isEnding || lane.agent.value !== value;
    const { because } = decision;
    const isWorth = hasActed || hasChanged;
    this.#decisions.decided(lane, event, { because, job: request?.id ?? null, cut, isWorth });
    const done = this.#keep(lane, {
      request,
      hasChanged: isWorth,
      before: hold === undefined ? null : before,
    });
    if (!isRefusedRun(decision, request)) return done;
    return this.#refuse(lane, isOrdered ? ORDER_GOES_ON : refusalOf(cut), done);
  }

  /**
   * Runs an actuator once because a person wants it, in the place of whatever runs; of the hard limits only the longest
   * run cuts it. `stored` resolves when it is on disk, and on its way.
   */
  order(
    lane: AgentLane,
    asked: Plan,
    because: Because,
  ): { request: JobRequest; stored: Promise<void> | undefined } {
    const now = this.#services.clock.now();
    const neutral = lane.neutral();
    const standing = { now, isForced: true, isTaken: lane.isTaken };
    const { plan, cut } = lane.guard.permitRun(parsePlan(asked, neutral), neutral, standing);
    if (plan === null) throw new RipeError('RIPE_JOB_REFUSED', { reason: refusalOf(cut) });
    const request = this.#request(lane, { plan, cut }, { because, createdAt: now, neutral });
    this.#begin(lane, request, standing);
    const made = { because, job: request.id, cut, isWorth: true };
    this.#decisions.decided(lane, { type: 'order', at: now }, made);
    return { request, stored: this.#keep(lane, { request, hasChanged: true, before: null }) };
  }

  #asked({ isTaken }: AgentLane, event: AgentEvent): Asked {
    return { now: this.#services.clock.now(), isForced: event.type === 'forced', isTaken };
  }

  /** What the hard limits leave of a decision. */
  #permit(lane: AgentLane, decision: AnyDecision, host: AgentHost, asked: Asked): Permitted {
    const { hold, job } = decision;
    if (isPlan(job)) {
      const { plan, cut } = lane.guard.permitRun(parsePlan(job, host.neutral), host.neutral, asked);
      const request =
        plan === null
          ? null
          : this.#request(
              lane,
              { plan, cut },
              { because: decision.because, createdAt: asked.now, neutral: host.neutral },
            );
      return { request, hold: plan === null ? undefined : hold, cut };
    }
    const isOn = hold !== undefined && (hold | 0) !== host.neutral;
    const cut = isOn ? lane.guard.refusedHold(asked) : null;
    return { request: null, hold: cut === null ? hold : undefined, cut };
  }

  #hold(lane: AgentLane, value: number, asked: Asked): void {
    lane.setValue(value | 0);
    if (lane.agent.value === lane.neutral()) return;
    lane.guard.holds(asked);
    this.#overseer.watchHold(lane);
  }

  #begin(lane: AgentLane, request: JobRequest, { now }: Asked): void {
    this.#overseer.holdGivesWay(lane, now);
    lane.takeSlot().begin(request);
  }

  #keep(lane: AgentLane, { request, hasChanged, before }: Outcome): Promise<void> | undefined {
    if (!hasChanged) return undefined;
    lane.save();
    return this.#committer.commit(lane, request, before);
  }

  /** The agent has planned a run that its limits do not allow: it is told, as of any other that came to nothing. */
  async #refuse(lane: AgentLane, reason: string, done: Promise<void> | undefined): Promise<void> {
    await done;
    this.#jobs.ended(lane, this.#services.newId(), { outcome: 'refused', reason, startedAt: null });
  }

  #keepState(lane: AgentLane, { state, wakeAt }: AnyDecision): boolean {
    const { agent } = lane;
    const isNewState = state !== undefined && state !== agent.state;
    const isNewAlarm = wakeAt !== undefined && wakeAt !== agent.wakeAt;
    if (isNewState) agent.state = state;
    if (isNewAlarm) {
      agent.wakeAt = wakeAt;
      lane.setAlarm();
    }
    return isNewState || isNewAlarm;
  }

  #request(
    { twin, agent }: AgentLane,
    { plan, cut }: { plan: Plan; cut: Cut | null },
    made: Pick<JobRequest, 'because' | 'createdAt' | 'neutral'>,
  ): JobRequest {
    const { id: sensor } = twin;
    const { domain } = agent;
    return {
      id: this.#services.newId(),
      owner: ownerOf(sensor, domain),
      sensor,
      domain,
      plan,
      ...made,
      ...(cut === null ? {} : { cut }),
    };
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
