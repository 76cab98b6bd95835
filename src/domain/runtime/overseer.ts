import type { Because, Cut } from '../agent-contract.ts';
import { textOf } from '../errors.ts';
import { LIMIT_NAMES } from '../permit.ts';
import { durationOf } from '../plan.ts';
import type { Lockout } from '../store.ts';
import type { AgentLane } from './agent-lane.ts';
import type { JobSlot } from './job-slot.ts';
import type { LaneServices } from './lane-services.ts';

export const LOCKED_OUT = {
  en: ({ failures, reason }: Lockout) => `locked out after ${failures} failures in a row: ${reason}`,
  de: ({ failures, reason }: Lockout) => `gesperrt nach ${failures} Fehlern in Folge: ${reason}`,
};

/** So long the job-runner has to say that a job of its own is shorter now, or that it has taken one up. */
const ANSWER_MS = 5_000;

/** Makes an agent's actuator neutral where its hard limits say so, whatever the agent's code says. */
export class Overseer {
  readonly #lane: AgentLane;
  readonly #slot: JobSlot;
  readonly #services: LaneServices;
  /** By when the runner has to have answered; null: it was asked nothing. */
  #answersBy: number | null = null;

  constructor(lane: AgentLane, slot: JobSlot, services: LaneServices) {
    this.#lane = lane;
    this.#slot = slot;
    this.#services = services;
  }

  /** Sees to it that a held value goes when its time is over, and a job that does not get shorter. */
  watchHold(): void {
    const end = this.#lane.guard.holdEnd(this.#services.clock.now());
    this.#lane.agent.holdEndsAt = end?.at ?? null;
    const isAwaited = this.#slot.isUnheard || this.#slot.isPresumed;
    const at = end?.at ?? (isAwaited ? this.#answersBy : null);
    if (at === null) this.#services.holdEnds.delete(this.#lane);
    else this.#services.holdEnds.set(this.#lane, at);
  }

  /** A job of an earlier run may have its actuator on before the runner says so; but not for long. */
  jobTakenUp(): void {
    if (!this.#slot.isPresumed) return;
    this.#answersBy = this.#services.clock.now() + ANSWER_MS;
    this.watchHold();
  }

  /** The time of the held value is over, or that which the runner has to answer. */
  endHold(): void {
    const now = this.#services.clock.now();
    if (now >= (this.#answersBy ?? 0)) this.#runnerIsSilent();
    const end = this.#lane.guard.holdEnd(now);
    if (end === null || end.at > now) this.watchHold();
    else this.#intervene({ code: end.limit === 'longestHoldMs' ? 'heldTooLong' : 'budgetSpent' }, now);
  }

  #runnerIsSilent(): void {
    if (this.#slot.isUnheard) this.#lane.disarm('dropped on the wire');
    else if (this.#slot.isPresumed) this.#lane.rest();
  }

  /** Limits have changed: what the agent has on is held to them at once. */
  limitsChanged(): void {
    const { job, holdEndsAt } = this.#lane.agent;
    this.watchHold();
    // A device that honours envelopes ends what is held by itself.
    if (this.#lane.agent.holdEndsAt !== holdEndsAt) this.#services.publisher.update(this.#lane.twin);
    const { plan } = this.#slot;
    if (job === null || plan === null) return;
    const now = this.#services.clock.now();
    const rest = this.#lane.guard.permitRest(plan, this.#lane.neutral(), job, now);
    if (rest === null) return;
    const { cut } = rest;
    const at = job.endsAt - (durationOf(plan) - durationOf(rest.plan));
    if (at <= now) {
      this.#slot.cancel(LIMIT_NAMES[cut.limit]);
      this.#intervene({ code: 'tightened' }, now, { job: job.id, cut });
      return;
    }
    this.#slot.shorten(job, rest.plan);
    this.#answersBy = now + ANSWER_MS;
    this.watchHold();
    this.#lane.decisions.intervened({ code: 'tightened' }, now, { job: job.id, cut });
  }

  /** Code that fails again and again may have anything on: it goes neutral, and a person has to see to it. */
  lockOut(at: number): void {
    const { failures, reason } = this.#lane.guard.lockout as Lockout;
    this.#services.log.warn(`${this.#lane.name}: ${LOCKED_OUT.en({ at, failures, reason })}`);
    this.#slot.cancel('locked out');
    this.#tell('lockedOut');
    this.#intervene({ code: 'lockedOut', params: { failures, reason } }, at);
  }

  /** Somebody has looked after the agent: it is asked again. */
  release(): void {
    if (!this.#lane.guard.release()) return;
    this.#lane.save();
    this.#tell('released');
  }

  /** What RIPE itself decides about an agent: neutral, at once, and on record. */
  #intervene(because: Because, at: number, what: { job?: string; cut?: Cut } = {}): void {
    this.#lane.setNeutral();
    this.#services.publisher.update(this.#lane.twin);
    this.#lane.decisions.intervened(because, at, what);
    this.#lane.save();
    // Neutral never waits for the disk; but a crash must not bring back what had to go.
    this.#services.store.commit().catch((error) => {
      this.#services.log.error(`${this.#lane.name}: ${textOf(error)}`);
    });
  }

  #tell(change: 'lockedOut' | 'released'): void {
    const { agent, twin } = this.#lane;
    const { domain, agentName } = agent;
    this.#services.wires.event({ kind: 'agent', sensor: twin.id, domain, agentName, change });
  }
}
