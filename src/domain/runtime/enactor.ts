import type { AgentEvent } from '../agent-contract.ts';
import type { AgentHost, AnyDecision } from '../agent-host.ts';
import { type JobRequest, ownerOf } from '../job.ts';
import { cutPlan, type Plan, parsePlan } from '../plan.ts';
import type { AgentTwin, Twin } from '../twin.ts';
import type { JobSlot } from './job-slot.ts';
import type { LaneServices } from './lane-services.ts';

/** The agent whose decisions are carried out. */
export interface EnactingAgent {
  readonly twin: Twin;
  readonly agent: AgentTwin;
  neutral(): number;
  save(): void;
  setAlarm(): void;
}

/**
 * Carries the decisions of one agent out. A decision's state and its job are one commit; only then the job goes to the
 * runner, or a held value to the actuator.
 */
export class Enactor {
  readonly #lane: EnactingAgent;
  readonly #slot: JobSlot;
  readonly #services: LaneServices;

  constructor(lane: EnactingAgent, slot: JobSlot, services: LaneServices) {
    this.#lane = lane;
    this.#slot = slot;
    this.#services = services;
  }

  /** Resolves when the decision is on disk; undefined where it changes nothing. */
  enact(event: AgentEvent, decision: AnyDecision, host: AgentHost): Promise<void> | undefined {
    const request = isPlan(decision.job) ? this.#request(decision.job, decision, event.at, host) : null;
    const { value } = this.#lane.agent;
    // What a job had on was on for that job only: a held value in its place goes back to neutral.
    const before = this.#slot.isTaken ? this.#lane.neutral() : value;
    const hasChanged = this.#keepState(decision);
    if (decision.hold !== undefined || decision.job === 'cancel') this.#slot.cancel('decided');
    if (decision.hold !== undefined) this.#lane.agent.value = decision.hold | 0;
    if (request !== null) this.#slot.begin(request);
    const hasActed = request !== null || this.#lane.agent.value !== value;
    this.#record(event, decision, request, hasActed || hasChanged);
    if (!hasActed && !hasChanged) return undefined;
    this.#lane.save();
    return this.#carryOut(request, decision.hold === undefined ? this.#lane.agent.value : before);
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

  #request(plan: Plan, decision: AnyDecision, at: number, host: AgentHost): JobRequest {
    const { neutral, limits } = host;
    const { id: sensor } = this.#lane.twin;
    const { domain } = this.#lane.agent;
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
    const { agent, twin } = this.#lane;
    const { publisher, store } = this.#services;
    const held = agent.value;
    // Neutral never waits for the disk: water stops also when the store does not answer.
    if (held === this.#lane.neutral()) publisher.update(twin);
    try {
      await store.commit();
    } catch (error) {
      if (request !== null) this.#slot.failed(request.id, 'the store did not take it');
      else if (agent.value === held && held !== this.#lane.neutral()) agent.value = before;
      // The vector of another agent may have told the value already.
      publisher.update(twin);
      throw error;
    }
    publisher.update(twin);
    if (request !== null) this.#services.handoff.send(request.id);
  }

  #record(event: AgentEvent, decision: AnyDecision, request: JobRequest | null, isWorth: boolean): void {
    const { agent } = this.#lane;
    const isNewCause = agent.because?.code !== decision.because.code;
    agent.because = decision.because;
    agent.decidedAt = event.at;
    // A skip is worth a row when its cause is another than last time; else every reading would write one.
    if (!isNewCause && !isWorth) return;
    this.#services.decided({
      sensor: this.#lane.twin.id,
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
