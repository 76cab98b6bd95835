import type { Insertable } from 'kysely';
import { KEPT_COMMANDS, type SensorCommand } from '../../domain/command/sensor-command.ts';
import type { JobRecord } from '../../domain/job/job.ts';
import type { Offsets } from '../../domain/reading/calibration.ts';
import type { MetricValues, Reading } from '../../domain/reading/reading.ts';
import type { DataRow } from '../../domain/reading/row.ts';
import type { AgentRecord, DecisionRecord, SensorRecord } from '../../domain/store.ts';
import type {
  AgentTable,
  DataRowTable,
  DecisionTable,
  JobTable,
  ReadingTable,
  SensorCommandTable,
  SensorTable,
} from './tables.ts';

/** Turns the records of the domain into the rows that hold them; `decode` is its inverse. */
export const encode = {
  sensor(sensor: SensorRecord): SensorTable {
    const { id, key, name, createdAt, offsets = {} } = sensor;
    return { id, key, name, created_at: createdAt, offsets: encode.offsets(offsets) };
  },

  /** Most sensors have none. */
  offsets(offsets: Offsets): string | null {
    return Object.keys(offsets).length === 0 ? null : JSON.stringify(offsets);
  },

  agent(agent: AgentRecord): AgentTable {
    return {
      sensor: agent.sensor,
      domain: agent.domain,
      agent_name: agent.agentName,
      version: agent.version,
      state: JSON.stringify(agent.state),
      settings: JSON.stringify(agent.settings),
      value: agent.value,
      wake_at: agent.wakeAt,
      guard: JSON.stringify(agent.guard ?? {}),
    };
  },

  dataRow(sensor: number, row: DataRow): DataRowTable {
    return { sensor, at: row.timestamp, ...metricsOf(row) };
  },

  reading(sensor: number, reading: Reading): ReadingTable {
    const extra = textOrNull(reading.extra);
    const offsets = textOrNull(reading.offsets);
    return { sensor, at: reading.timestamp, ...metricsOf(reading), extra, offsets };
  },

  decision(decision: DecisionRecord): Insertable<DecisionTable> {
    return {
      sensor: decision.sensor,
      domain: decision.domain,
      at: decision.at,
      event: decision.event,
      because: JSON.stringify(decision.because),
      agent_name: decision.agentName,
      version: decision.version,
      value: decision.value,
      job: decision.job,
      cut: textOrNull(decision.cut),
    };
  },

  sensorCommand(sensor: number, command: SensorCommand): SensorCommandTable {
    return {
      sensor,
      slot: command.ordinal % KEPT_COMMANDS,
      ordinal: command.ordinal,
      id: command.id,
      epoch: command.epoch,
      at: command.at,
      agents: JSON.stringify(command.agents),
      state: command.state,
      state_at: command.stateAt,
      observed: textOrNull(command.observed ?? undefined),
      reason: command.reason,
    };
  },

  job(job: JobRecord): JobTable {
    return {
      id: job.id,
      owner: job.owner,
      sensor: job.sensor ?? null,
      domain: job.domain ?? null,
      plan: JSON.stringify(job.plan),
      neutral: job.neutral,
      created_at: job.createdAt,
      because: textOrNull(job.because),
      cut: textOrNull(job.cut),
      status: job.status,
      started_at: job.startedAt,
      delayed_ms: job.delayedMs,
      waits_since: job.waitsSince,
      seen_at: job.seenAt,
      ends_at: job.endsAt,
      ended_at: job.endedAt,
      outcome: job.outcome,
      reason: job.reason,
    };
  },
} as const;

function textOrNull(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

function metricsOf(values: MetricValues): MetricValues {
  return {
    battery: values.battery,
    moisture: values.moisture,
    temperature: values.temperature,
    humidity: values.humidity,
    carbon: values.carbon,
    conductivity: values.conductivity,
    light: values.light,
  };
}
