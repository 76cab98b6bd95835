import type { Because, RunningJob } from '../agent/agent-contract.ts';
import type { AnySettings } from '../agent/settings-controls.ts';
import type { SensorCommand } from '../command/sensor-command.ts';
import { compareDomains } from '../command/vector.ts';
import type { Json } from '../json.ts';
import type { Offsets } from '../reading/calibration.ts';
import type { Reading } from '../reading/reading.ts';
import type { DataRow } from '../reading/row.ts';
import type { GuardRecord } from '../store.ts';

/** One agent of a twin. */
export interface AgentTwin {
  readonly domain: string;
  readonly agentName: string;
  /** Version of the agent type that wrote `state`. */
  version: string;
  state: Json;
  settings: AnySettings;
  /** The int32 that the actuator is told to hold now. */
  value: number;
  /** When the job that set the value sets another one; null where the value is held, or neutral. */
  until: number | null;
  /** When a hard limit ends what is held; null where none does. */
  holdEndsAt: number | null;
  job: RunningJob | null;
  wakeAt: number | null;
  /** Why this agent does not decide at present, e.g. its agent type is not loaded; else null. */
  parked: string | null;
  /** Why it still has an earlier version than the one in service; absent where it has not. */
  behind?: string;
  /** Its hard limits as the owner has tightened them, and whether it is locked out. */
  guard: GuardRecord;
  because: Because | null;
  decidedAt: number | null;
}

/** The runtime equivalent of one sensor: plain JSON, readable as `flow.get("sensors")[id]`; times are ms UTC. */
export interface Twin {
  readonly id: number;
  name: string;
  /** What is added to its readings as they arrive, by metric. */
  offsets: Offsets;
  reading: Reading | null;
  /** The newest 30-minute row: what status answers. */
  row: DataRow | null;
  /** When the sensor was last heard of. */
  lastSeen: number | null;
  /** Messages of this sensor that were refused since the start. */
  dropped: number;
  /** The newest command, and what has become of it; null: there was none yet. */
  command: SensorCommand | null;
  /** In the order of the command vector; another list whenever an agent comes or goes. */
  agents: readonly AgentTwin[];
}

/** All twins by sensor id: the object behind `flow.get("sensors")`. */
export type Twins = Record<string, Twin>;

const NO_OFFSETS: Offsets = {};
const NO_AGENTS: readonly AgentTwin[] = [];

export function createTwin(id: number, name: string, offsets = NO_OFFSETS): Twin {
  return {
    id,
    name,
    offsets,
    reading: null,
    row: null,
    lastSeen: null,
    dropped: 0,
    command: null,
    agents: NO_AGENTS,
  };
}

type Beginning = Pick<AgentTwin, 'domain' | 'agentName' | 'version' | 'state' | 'settings' | 'value'> &
  Partial<Pick<AgentTwin, 'wakeAt' | 'parked' | 'guard'>>;

/** An agent that has decided nothing yet. */
export function createAgent(beginning: Beginning): AgentTwin {
  const { domain, agentName, version, state, settings, value } = beginning;
  const { wakeAt = null, parked = null, guard = {} } = beginning;
  // All in one go: an object that grows takes half as much memory again.
  return {
    domain,
    agentName,
    version,
    state,
    settings,
    value,
    until: null,
    holdEndsAt: null,
    job: null,
    wakeAt,
    parked,
    guard,
    because: null,
    decidedAt: null,
  };
}

/** Puts an agent in its place of the vector's order. */
export function addAgent(twin: Twin, agent: AgentTwin): void {
  const place = twin.agents.findIndex((other) => compareDomains(agent.domain, other.domain) < 0);
  twin.agents = twin.agents.toSpliced(place < 0 ? twin.agents.length : place, 0, agent);
}

export function removeAgent(twin: Twin, agent: AgentTwin): void {
  twin.agents = twin.agents.filter((other) => other !== agent);
}

export function findAgent(twin: Twin, domain: string): AgentTwin | undefined {
  return twin.agents.find((agent) => agent.domain === domain);
}

/** When the first of its jobs sets another value, ms UTC; null where none has an actuator on. */
export function firstEnd(agents: readonly AgentTwin[]): number | null {
  const ends = agents.flatMap(({ until }) => (until === null ? [] : [until]));
  return ends.length === 0 ? null : Math.min(...ends);
}
