import type { AgentHost } from '../../agent/agent-host.ts';
import { SensorTable } from '../../sensor/sensor-table.ts';
import { type AgentTwin, addAgent, createAgent, removeAgent, type Twin } from '../../sensor/twin.ts';
import type { AgentRecord } from '../../store.ts';
import type { Timetable } from '../../time/clock.ts';
import { Adoption } from './adoption.ts';
import type { AgentJobs } from './agent-jobs.ts';
import { AgentLane } from './agent-lane.ts';
import { Crew } from './crew.ts';
import type { LaneServices } from './lane-services.ts';
import type { Overseer } from './overseer.ts';

const NONE: readonly AgentLane[] = [];
/** So many agents are taken over together: what is under way for each takes memory. */
const AT_ONCE = 1_000;

/** All agents at work, by sensor. */
export class Lanes {
  readonly #services: LaneServices;
  readonly #crew: Crew;
  readonly #bySensor = new SensorTable<readonly AgentLane[]>();
  readonly #adoption: Adoption;

  constructor(
    services: Omit<LaneServices, 'wakeUps' | 'holdEnds'>,
    timetable: (due: (lane: AgentLane) => void) => Timetable<AgentLane>,
  ) {
    const wakeUps = timetable((lane) => lane.wake(services.clock.now()));
    const holdEnds = timetable((lane) => this.#crew.overseer.endHold(lane));
    this.#services = { ...services, wakeUps, holdEnds };
    this.#crew = new Crew(this.#services);
    this.#adoption = new Adoption(this.#crew);
  }

  /** Who hears of agents' jobs. */
  get jobs(): AgentJobs {
    return this.#crew.jobs;
  }

  /** Who holds agents to their limits. */
  get overseer(): Overseer {
    return this.#crew.overseer;
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
    const lane = new AgentLane(twin, agent, this.#crew);
    lane.use(host);
    addAgent(twin, agent);
    this.#bySensor.set(twin.id, this.of(twin.id).concat(lane));
    return lane;
  }

  remove(lane: AgentLane): void {
    lane.retire();
    const { id } = lane.twin;
    removeAgent(lane.twin, lane.agent);
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
    const lane = this.add(
      twin,
      createAgent({ domain, agentName, version, state, settings, value, wakeAt, parked, guard }),
    );
    if (agentTypes.get(agentName) === undefined) lane.setNeutral();
    lane.isStoredAs(record);
    return lane;
  }

  /** Brings the agents of a type, or all, to the version in service, and parks those whose code has gone. */
  adopt(agentName?: string): Promise<void> {
    return this.#adopt(this.all(), agentName);
  }

  /** As `adopt`, the agents of some sensors. */
  adoptOf(sensors: readonly { readonly id: number }[]): Promise<void> {
    return this.#adopt(sensors.flatMap(({ id }) => this.of(id)));
  }

  async #adopt(lanes: Iterable<AgentLane>, agentName?: string): Promise<void> {
    let underWay: Promise<void>[] = [];
    for (const lane of lanes) {
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
