import { textOf } from '../../errors.ts';
import { LIMIT_NAMES } from '../../job/permit.ts';
import { durationOf } from '../../job/plan.ts';
import type { Lockout } from '../../store.ts';
import type { AgentJobs } from './agent-jobs.ts';
import type { AgentLane } from './agent-lane.ts';
import type { DecisionLog, Intervention } from './decision-log.ts';
import type { HoldEnd } from './guard.ts';
import type { LaneServices } from './lane-services.ts';

export const LOCKED_OUT = {
  en: ({ failures, reason }: Lockout) => `locked out after ${failures} failures in a row: ${reason}`,
  de: ({ failures, reason }: Lockout) => `gesperrt nach ${failures} Fehlern in Folge: ${reason}`,
};

/** So long the job-runner has to say that a job of its own is shorter now, or that it has taken one up. */
const ANSWER_MS = 5_000;

/** Makes actuators neutral where the hard limits of their agents say so, whatever the agents' code says. */
export class Overseer {
  readonly #decisions: DecisionLog;
  readonly #jobs: AgentJobs;
  readonly #services: LaneServices;
  /** By when the runner has to have answered, where it was asked something. */
  readonly #answersBy = new WeakMap<AgentLane, number>();
  /** When that has to go which is still held while a run that takes its place is being stored. */
  readonly #formerEnds = new WeakMap<AgentLane, HoldEnd>();

  constructor(decisions: DecisionLog, jobs: AgentJobs, services: LaneServices) {
    this.#decisions = decisions;
    this.#jobs = jobs;
    this.#services = services;
  }

  /** Sees to it that a held value goes when its time is over, and a job that does not get shorter. */
  watchHold(lane: AgentLane): void {
    const end = this.#endOf(lane, this.#services.clock.now());
    lane.agent.holdEndsAt = end?.at ?? null;
    const at = end?.at ?? (isAwaited(lane) ? (this.#answersBy.get(lane) ?? null) : null);
    if (at === null) this.#services.holdEnds.delete(lane);
    else this.#services.holdEnds.set(lane, at);
  }

  /** A run takes the place of what is held; the disk may keep it waiting, and that ends all the same. */
  holdGivesWay(lane: AgentLane, now: number): void {
    const end = this.#endOf(lane, now);
    lane.guard.endHold(now);
    if (end !== null) this.#formerEnds.set(lane, end);
    this.watchHold(lane);
  }

  /** The actuator is to hold another value: of what a job sets its own end is known. */
  valueSet(lane: AgentLane): void {
    this.#formerEnds.delete(lane);
    if (lane.agent.guard.hold === undefined) this.watchHold(lane);
  }

  /** A job of an earlier run may have its actuator on before the runner says so; but not for long. */
  jobTakenUp(lane: AgentLane): void {
    if (lane.slot?.isPresumed !== true) return;
    this.#answersBy.set(lane, this.#services.clock.now() + ANSWER_MS);
    this.watchHold(lane);
  }

  /** The time of the held value is over, or that which the runner has to answer. */
  endHold(lane: AgentLane): void {
    const now = this.#services.clock.now();
    if (now >= (this.#answersBy.get(lane) ?? 0)) this.#runnerIsSilent(lane);
    const end = this.#endOf(lane, now);
    if (end === null || end.at > now) this.watchHold(lane);
    else {
      const code = end.limit === 'longestHoldMs' ? 'heldTooLong' : 'budgetSpent';
      this.#intervene(lane, now, { because: { code } });
    }
  }

  #runnerIsSilent(lane: AgentLane): void {
    if (lane.slot?.isUnheard) lane.disarm('dropped on the wire');
    else if (lane.slot?.isPresumed) this.#jobs.rest(lane);
  }

  /** Limits have changed: what the agent has on is held to them at once. */
  limitsChanged(lane: AgentLane): void {
    const { job, holdEndsAt } = lane.agent;
    this.watchHold(lane);
    // A device that honours envelopes ends what is held by itself.
    if (lane.agent.holdEndsAt !== holdEndsAt) this.#services.publisher.update(lane.twin);
    const { slot } = lane;
    const plan = slot?.plan ?? null;
    if (slot === null || plan === null || job === null) return;
    const now = this.#services.clock.now();
    const rest = lane.guard.permitRest(plan, lane.neutral(), job, now);
    if (rest === null) return;
    const { cut } = rest;
    const at = job.endsAt - (durationOf(plan) - durationOf(rest.plan));
    if (at <= now) {
      this.#jobs.end(lane, LIMIT_NAMES[cut.limit]);
      this.#intervene(lane, now, { because: { code: 'tightened' }, job: job.id, cut });
      return;
    }
    slot.shorten(job, rest.plan);
    this.#answersBy.set(lane, now + ANSWER_MS);
    this.watchHold(lane);
    this.#decisions.intervened(lane, now, { because: { code: 'tightened' }, job: job.id, cut });
  }

  /** Code that fails again and again may have anything on: it goes neutral, and a person has to see to it. */
  lockOut(lane: AgentLane, at: number): void {
    const { failures, reason } = lane.guard.lockout as Lockout;
    this.#services.log.warn(`${lane.name}: ${LOCKED_OUT.en({ at, failures, reason })}`);
    this.#jobs.end(lane, 'locked out');
    this.#tell(lane, 'lockedOut');
    this.#intervene(lane, at, { because: { code: 'lockedOut', params: { failures, reason } } });
  }

  /** Somebody has looked after the agent: it is asked again. */
  release(lane: AgentLane): void {
    if (!lane.guard.release()) return;
    lane.save();
    this.#tell(lane, 'released');
  }

  #endOf(lane: AgentLane, now: number): HoldEnd | null {
    // Most agents hold nothing, and have no guard.
    const isHeld = lane.agent.guard.hold !== undefined;
    return isHeld ? lane.guard.holdEnd(now) : (this.#formerEnds.get(lane) ?? null);
  }

  /** What RIPE itself decides about an agent: neutral, at once, and on record. */
  #intervene(lane: AgentLane, at: number, what: Intervention): void {
    lane.setNeutral();
    this.#services.publisher.update(lane.twin);
    this.#decisions.intervened(lane, at, what);
    lane.save();
    // Neutral never waits for the disk; but a crash must not bring back what had to go.
    this.#services.store.commit().catch((error) => {
      this.#services.log.error(`${lane.name}: ${textOf(error)}`);
    });
  }

  #tell({ agent, twin }: AgentLane, change: 'lockedOut' | 'released'): void {
    const { domain, agentName } = agent;
    this.#services.wires.event({ kind: 'agent', sensor: twin.id, domain, agentName, change });
  }
}

/** Of this job the runner has still to say something. */
function isAwaited({ slot }: AgentLane): boolean {
  return slot !== null && (slot.isUnheard || slot.isPresumed);
}
