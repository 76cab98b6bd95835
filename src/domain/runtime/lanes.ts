import type { AgentHost } from '../agent-host.ts';
import type { Timetable } from '../clock.ts';
import { completeSettings } from '../settings-controls.ts';
import type { AgentRecord } from '../store.ts';
import { type AgentTwin, addAgent, type Twin } from '../twin.ts';
import { AgentLane, textOf } from './agent-lane.ts';
import type { LaneServices } from './lane-services.ts';

const NONE: readonly AgentLane[] = [];

/** All agents at work, by sensor. */
export class Lanes {
  readonly #services: LaneServices;
  readonly #bySensor = new Map<number, AgentLane[]>();

  constructor(
    services: Omit<LaneServices, 'wakeUps'>,
    timetable: (due: (lane: AgentLane) => void) => Timetable<AgentLane>,
  ) {
    const wakeUps = timetable((lane) => lane.wake(services.clock.now()));
    this.#services = { ...services, wakeUps };
  }

  of(sensor: number): readonly AgentLane[] {
    return this.#bySensor.get(sensor) ?? NONE;
  }

  find(sensor: number, domain: string): AgentLane | undefined {
    return this.of(sensor).find((lane) => lane.agent.domain === domain);
  }

  *all(): Iterable<AgentLane> {
    for (const lanes of this.#bySensor.values()) yield* lanes;
  }

  /** Puts an agent to work on a twin. */
  add(twin: Twin, agent: AgentTwin): AgentLane {
    const lane = new AgentLane(twin, agent, this.#services);
    addAgent(twin, agent);
    const lanes = this.#bySensor.get(twin.id);
    if (lanes === undefined) this.#bySensor.set(twin.id, [lane]);
    else lanes.push(lane);
    return lane;
  }

  remove(lane: AgentLane): void {
    lane.retire();
    const { agents, id } = lane.twin;
    agents.splice(agents.indexOf(lane.agent), 1);
    const lanes = this.of(id).filter((other) => other !== lane);
    if (lanes.length > 0) this.#bySensor.set(id, lanes);
    else this.#bySensor.delete(id);
  }

  /** An agent as the store knows it; parked until its agent type is there. */
  restore(twin: Twin, record: AgentRecord): AgentLane {
    const { domain, agentName, version, state, settings, wakeAt } = record;
    const parked = notLoaded(agentName);
    // Nobody watches over what an agent without its code holds: it begins neutral, as one that is parked later.
    const value = this.#services.agentTypes.get(agentName) === undefined ? 0 : record.value;
    const agent = { domain, agentName, version, state, settings, value, job: null, wakeAt, parked };
    return this.add(twin, { ...agent, because: null, decidedAt: null });
  }

  /** Starts every agent whose code is there, brings it to its version, and parks those whose code has gone. */
  async adopt(agentName?: string): Promise<void> {
    for (const lane of this.all()) {
      if (agentName !== undefined && lane.agent.agentName !== agentName) continue;
      const host = lane.host();
      const { parked, version } = lane.agent;
      if (host !== undefined && (parked !== null || version !== host.version)) {
        await lane.inTurn(() => this.#takeUp(lane, host));
      }
      if (host === undefined && parked === null) lane.park(notLoaded(lane.agent.agentName));
    }
  }

  stop(): void {
    this.#services.wakeUps.stop();
  }

  async #takeUp(lane: AgentLane, host: AgentHost): Promise<void> {
    const { agent } = lane;
    try {
      if (agent.version !== host.version) agent.state = await host.migrate(agent.state, agent.version);
    } catch (error) {
      agent.parked = `the state of version ${agent.version} does not fit version ${host.version}: ${textOf(error)}`;
      this.#services.log.error(`${lane.name}: ${agent.parked}`);
      return;
    }
    agent.version = host.version;
    agent.settings = completeSettings(host.settings, agent.settings);
    agent.parked = null;
    lane.setAlarm();
    lane.notify({ type: 'started', at: this.#services.clock.now() });
  }
}

const notLoaded = (agentName: string): string => `${agentName} is not loaded`;
