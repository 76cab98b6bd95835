import type { Because } from '../agent-contract.ts';
import type { Lockout } from '../store.ts';
import type { AgentLane } from './agent-lane.ts';
import type { JobSlot } from './job-slot.ts';
import type { LaneServices } from './lane-services.ts';

export const LOCKED_OUT = {
  en: ({ failures, reason }: Lockout) => `locked out after ${failures} failures in a row: ${reason}`,
  de: ({ failures, reason }: Lockout) => `gesperrt nach ${failures} Fehlern in Folge: ${reason}`,
};

/** Makes an agent's actuator neutral where its hard limits say so, whatever the agent's code says. */
export class Overseer {
  readonly #lane: AgentLane;
  readonly #slot: JobSlot;
  readonly #services: LaneServices;

  constructor(lane: AgentLane, slot: JobSlot, services: LaneServices) {
    this.#lane = lane;
    this.#slot = slot;
    this.#services = services;
  }

  /** Sees to it that a held value goes when its time is over. */
  watchHold(): void {
    const end = this.#lane.guard.holdEnd(this.#services.clock.now());
    this.#lane.agent.holdEndsAt = end?.at ?? null;
    if (end === null) this.#services.holdEnds.delete(this.#lane);
    else this.#services.holdEnds.set(this.#lane, end.at);
  }

  /** The time of the held value is over. */
  endHold(): void {
    const now = this.#services.clock.now();
    const end = this.#lane.guard.holdEnd(now);
    if (end === null || end.at > now) this.watchHold();
    else this.#intervene({ code: end.limit === 'longestHoldMs' ? 'heldTooLong' : 'budgetSpent' }, now);
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
  #intervene(because: Because, at: number): void {
    const { agent, twin } = this.#lane;
    const { domain, agentName, version } = agent;
    this.#lane.setNeutral();
    agent.because = because;
    agent.decidedAt = at;
    this.#services.publisher.update(twin);
    const { value } = agent;
    const what = { sensor: twin.id, domain, agentName, version, value };
    this.#services.decided({ ...what, at, event: 'limit', because, job: null });
    this.#lane.save();
    // Neutral never waits for the disk; but a crash must not bring back what had to go.
    this.#services.store.commit().catch((error) => {
      this.#services.log.error(`${this.#lane.name}: ${error instanceof Error ? error.message : error}`);
    });
  }

  #tell(change: 'lockedOut' | 'released'): void {
    const { agent, twin } = this.#lane;
    const { domain, agentName } = agent;
    this.#services.wires.event({ kind: 'agent', sensor: twin.id, domain, agentName, change });
  }
}
