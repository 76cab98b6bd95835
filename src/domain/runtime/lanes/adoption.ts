import type { AgentHost, Awaitable } from '../../agent/agent-host.ts';
import { type AnySettings, completeSettings } from '../../agent/settings-controls.ts';
import { textOf } from '../../errors.ts';
import type { Json } from '../../json.ts';
import type { AgentLane } from './agent-lane.ts';
import type { Crew } from './crew.ts';
import type { LaneServices } from './lane-services.ts';
import type { Overseer } from './overseer.ts';

/** What an agent was before a version took its state over and changed it. */
interface Before {
  readonly version: string;
  readonly state: Json;
  readonly settings: AnySettings;
}

/**
 * Brings agents to the version of their agent type that is in service. One whose state that version cannot take over
 * keeps the version that it has; one whose code has gone is parked. A running job keeps its plan either way, unless
 * the former version was taken out of service for its misbehaviour.
 */
export class Adoption {
  readonly #overseer: Overseer;
  readonly #services: LaneServices;
  readonly #before = new WeakMap<AgentLane, Before>();

  constructor({ overseer, services }: Crew) {
    this.#overseer = overseer;
    this.#services = services;
  }

  /** A promise where the agent is busy, or its state is to be changed: with a start most of a garden goes on as it was. */
  adopt(lane: AgentLane): Awaitable<void> {
    const former = lane.host();
    const next = this.#inService(lane);
    if (former?.condemned) lane.disarm('quarantined');
    if (next === undefined) this.#park(lane);
    else if (next !== former) return lane.inTurn(() => this.#takeUp(lane));
  }

  #inService(lane: AgentLane): AgentHost | undefined {
    return this.#services.agentTypes.get(lane.agent.agentName);
  }

  #park(lane: AgentLane): void {
    const { agent } = lane;
    if (agent.parked !== null && lane.host() === undefined) return;
    lane.park(lane.host()?.condemned ?? `${agent.agentName} is not loaded`);
  }

  #takeUp(lane: AgentLane): Awaitable<void> {
    if (lane.isRemoved) return;
    const next = this.#inService(lane);
    if (next === undefined || next.version !== lane.agent.version || this.#before.has(lane))
      return this.#changeOver(lane);
    this.#begin(lane, next, lane.agent.state);
  }

  /** Whatever comes into service while a state is being taken over is taken up right after it. */
  async #changeOver(lane: AgentLane): Promise<void> {
    for (let next = this.#inService(lane); next !== undefined && next !== lane.host(); ) {
      const taken = await this.#tryState(lane, next);
      if (lane.isRemoved) return;
      const latest = this.#inService(lane);
      if (latest === next) {
        if (taken instanceof Error) await this.#stayBehind(lane, next, taken);
        else this.#begin(lane, next, taken);
        return;
      }
      next = latest;
    }
    if (this.#inService(lane) === undefined) this.#park(lane);
  }

  async #tryState(lane: AgentLane, next: AgentHost): Promise<Json | Error> {
    const { version, state } = lane.agent;
    const before = this.#before.get(lane);
    // Back to where it came from: a state that was changed on the way forward is changed back by leaving it there.
    if (before?.version === next.version) return before.state;
    if (version === next.version) return state;
    this.#services.agentTypes.hold(next);
    try {
      return await next.migrate(state, version);
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    } finally {
      this.#services.agentTypes.release(next);
    }
  }

  #begin(lane: AgentLane, next: AgentHost, state: Json): void {
    const { agent } = lane;
    const before = this.#before.get(lane);
    const known =
      before?.version === next.version ? { ...before.settings, ...agent.settings } : agent.settings;
    const isSame = state === agent.state || JSON.stringify(state) === JSON.stringify(agent.state);
    if (isSame) this.#before.delete(lane);
    else {
      const { version, state: former, settings } = agent;
      this.#before.set(lane, { version, state: former, settings });
    }
    // Other code: what the former did wrong says nothing of it.
    if (agent.version !== next.version) this.#overseer.release(lane);
    agent.version = next.version;
    agent.state = state;
    agent.settings = completeSettings(next.settings, known);
    this.#start(lane, next);
  }

  async #stayBehind(lane: AgentLane, next: AgentHost, error: Error): Promise<void> {
    const { agent } = lane;
    const reason = `the state of version ${agent.version} does not fit version ${next.version}: ${textOf(error)}`;
    this.#services.log.warn(`${lane.name}: ${reason}`);
    const kept = await this.#versionOf(lane);
    if (kept === undefined) {
      lane.park(reason);
      return;
    }
    agent.behind = reason;
    if (kept !== lane.host()) this.#start(lane, kept);
  }

  /** The version that wrote the agent's state: the one that it has, or one that was kept from before a restart. */
  async #versionOf(lane: AgentLane): Promise<AgentHost | undefined> {
    const host = lane.host();
    if (host !== undefined && !host.condemned) return host;
    const { agentName, version } = lane.agent;
    return this.#services.agentTypes.earlier(agentName, version);
  }

  #start(lane: AgentLane, host: AgentHost): void {
    const { agent } = lane;
    if (agent.version === this.#inService(lane)?.version) delete agent.behind;
    agent.parked = null;
    lane.use(host);
    lane.setAlarm();
    this.#overseer.watchHold(lane);
    lane.save();
    lane.notify({ type: 'started', at: this.#services.clock.now() });
  }
}
