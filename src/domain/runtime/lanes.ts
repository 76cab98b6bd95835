import type { AgentHost } from '../agent-host.ts';
import type { Timetable } from '../clock.ts';
import type { AgentRecord } from '../store.ts';
import { type AgentTwin, addAgent, type Twin } from '../twin.ts';
import { Adoption } from './adoption.ts';
import { AgentLane } from './agent-lane.ts';
import type { LaneServices } from './lane-services.ts';

const NONE: readonly AgentLane[] = [];
/** So many agents are taken over together: what is under way for each takes memory. */
const AT_ONCE = 1_000;

/** All agents at work, by sensor. */
export class Lanes {
  readonly #services: LaneServices;
  readonly #bySensor = new Map<number, AgentLane[]>();
  readonly #adoption: Adoption;

  constructor(
    services: Omit<LaneServices, 'wakeUps' | 'holdEnds'>,
    timetable: (due: (lane: AgentLane) => void) => Timetable<AgentLane>,
  ) {
    const wakeUps = timetable((lane) => lane.wake(services.clock.now()));
    const holdEnds = timetable((lane) => lane.overseer.endHold());
    this.#services = { ...services, wakeUps, holdEnds };
    this.#adoption = new Adoption(this.#services);
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

  /** Puts an agent to work on a twin, with the code that it begins with. */
  add(twin: Twin, agent: AgentTwin, host?: AgentHost): AgentLane {
    const lane = new AgentLane(twin, agent, this.#services);
    lane.use(host);
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
    const { domain, agentName, version, state, settings, wakeAt, guard = {} } = record;
    const parked = notLoaded(agentName);
    // Nobody watches over what an agent without its code holds: it begins neutral, as one that is parked later.
    const { agentTypes } = this.#services;
    const value = agentTypes.get(agentName) === undefined ? agentTypes.neutralOf(agentName) : record.value;
    const held = { value, until: null, holdEndsAt: null, job: null, wakeAt, parked, guard };
    const agent = { domain, agentName, version, state, settings, ...held };
    const lane = this.add(twin, { ...agent, because: null, decidedAt: null });
    if (agentTypes.get(agentName) === undefined) lane.setNeutral();
    lane.isStoredAs(record);
    return lane;
  }

  /** Brings the agents of a type, or all, to the version in service, and parks those whose code has gone. */
  async adopt(agentName?: string): Promise<void> {
    let underWay: Promise<void>[] = [];
    for (const lane of this.all()) {
      if (agentName !== undefined && lane.agent.agentName !== agentName) continue;
      const adopted = this.#adoption.adopt(lane);
      if (adopted !== undefined) underWay.push(adopted);
      if (underWay.length < AT_ONCE) continue;
      await Promise.all(underWay);
      underWay = [];
    }
    await Promise.all(underWay);
  }

  stop(): void {
    this.#services.wakeUps.stop();
    this.#services.holdEnds.stop();
    for (const lane of this.all()) lane.use(undefined);
  }
}

const notLoaded = (agentName: string): string => `${agentName} is not loaded`;
