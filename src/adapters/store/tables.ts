import type { Generated } from 'kysely';
import type { JobOutcome } from '../../domain/agent/agent-contract.ts';
import type { CommandState } from '../../domain/command/sensor-command.ts';
import type { JobStatus } from '../../domain/job/job.ts';
import type { MetricValues } from '../../domain/reading/reading.ts';

/**
 * The tables of a garden, as every database holds them: times are integer ms UTC, structured values are JSON
 * as text.
 */
export interface Tables {
  meta: MetaTable;
  sensors: SensorTable;
  agents: AgentTable;
  data_rows: DataRowTable;
  readings: ReadingTable;
  log_lines: LogLineTable;
  commands: CommandTable;
  decisions: DecisionTable;
  jobs: JobTable;
  sensor_commands: SensorCommandTable;
  owed_clears: OwedClearTable;
  former_keys: FormerKeyTable;
}

/** One row. The highest sensor id is kept here because it outlives the sensor that had it; the epoch is that of `Epoch`. */
export interface MetaTable {
  garden_id: string;
  last_sensor_id: number;
  epoch: number;
  created_at: number;
}

export interface SensorTable {
  id: number;
  key: string;
  name: string;
  created_at: number;
  offsets: string | null;
}

export interface AgentTable {
  sensor: number;
  domain: string;
  agent_name: string;
  version: string;
  state: string;
  settings: string;
  value: number;
  wake_at: number | null;
  guard: string;
}

/** The 30-minute rows. */
export interface DataRowTable extends MetricValues {
  sensor: number;
  at: number;
}

/** Every reading as it came; `extra` holds the further metrics, `offsets` what calibration has added. */
export interface ReadingTable extends MetricValues {
  sensor: number;
  at: number;
  extra: string | null;
  offsets: string | null;
}

/** A ring per sensor: a new line takes the place of the one in its slot. */
export interface LogLineTable {
  sensor: number;
  slot: number;
  sequence: number;
  at: number;
  text: string;
}

/** `id` keeps the order in which rows of one millisecond were written. */
export interface CommandTable {
  id: Generated<number>;
  sensor: number;
  domain: string;
  value: number;
  at: number;
}

export interface DecisionTable {
  id: Generated<number>;
  sensor: number;
  domain: string;
  at: number;
  event: string;
  because: string;
  agent_name: string;
  version: string;
  value: number;
  job: string | null;
  cut: string | null;
}

export interface JobTable {
  id: string;
  owner: string;
  sensor: number | null;
  domain: string | null;
  plan: string;
  neutral: number;
  created_at: number;
  because: string | null;
  cut: string | null;
  status: JobStatus;
  started_at: number | null;
  delayed_ms: number;
  waits_since: number | null;
  seen_at: number | null;
  ends_at: number | null;
  ended_at: number | null;
  outcome: JobOutcome | null;
  reason: string | null;
}

/** A ring per sensor, as the log. */
export interface SensorCommandTable {
  sensor: number;
  slot: number;
  ordinal: number;
  id: string;
  epoch: number;
  at: number;
  agents: string;
  state: CommandState;
  state_at: number;
  observed: string | null;
  reason: string | null;
}

export interface OwedClearTable {
  sensor: number;
  key: string;
}

/** Keys that were changed, and until when they work; a sensor that is removed leaves its ones behind. */
export interface FormerKeyTable {
  sensor: number;
  key: string;
  until: number;
}
