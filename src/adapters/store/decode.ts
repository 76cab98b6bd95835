import type { Selectable } from 'kysely';
import type { AgentCommand, SensorCommand } from '../../domain/command/sensor-command.ts';
import type { JobRecord } from '../../domain/job/job.ts';
import type { Offsets } from '../../domain/reading/calibration.ts';
import type { Reading } from '../../domain/reading/reading.ts';
import { type DataRow, rowOf } from '../../domain/reading/row.ts';
import type {
  AgentRecord,
  CommandRecord,
  DecisionRecord,
  LogLine,
  SensorRecord,
} from '../../domain/store.ts';
import type {
  AgentTable,
  CommandTable,
  DataRowTable,
  DecisionTable,
  JobTable,
  LogLineTable,
  ReadingTable,
  SensorCommandTable,
  SensorTable,
} from './tables.ts';

const NO_GUARD = '{}';
/** So many different texts are kept; most agents of a garden share theirs. */
const MOST_SHARED = 1_000;
const shared = new Map<string, unknown>();

/** One text, or what its JSON means, for all who have the same: nobody alters a state, settings or a guard in place. */
function share<Value>(text: string, make: (text: string) => Value): Value {
  const known = shared.get(text);
  if (known !== undefined) return known as Value;
  const made = make(text);
  if (shared.size >= MOST_SHARED) shared.clear();
  shared.set(text, made);
  return made;
}

const word = (text: string): string => share(`"${text}`, () => text);
const json = <Value>(text: string): Value => share(text, (each) => JSON.parse(each) as Value);

/** Most reasons are a code and nothing else. */
function withPlainReason(agent: AgentCommand): AgentCommand {
  const { because } = agent;
  if (because === null || because.params !== undefined) return agent;
  return { ...agent, because: share(`because ${because.code}`, () => because) };
}

/** Turns stored rows into the records of the domain. What JSON holds was written by `encode`, so it is trusted. */
export const decode = {
  sensor(row: SensorTable): SensorRecord {
    const { id, key, name, created_at: createdAt, offsets } = row;
    return { id, key, name, createdAt, ...(offsets !== null && { offsets: JSON.parse(offsets) as Offsets }) };
  },

  agent(row: AgentTable): AgentRecord {
    return {
      sensor: row.sensor,
      domain: word(row.domain),
      agentName: word(row.agent_name),
      version: word(row.version),
      state: json<AgentRecord['state']>(row.state),
      settings: json<AgentRecord['settings']>(row.settings),
      value: row.value,
      wakeAt: row.wake_at,
      ...(row.guard !== NO_GUARD && { guard: json<NonNullable<AgentRecord['guard']>>(row.guard) }),
    };
  },

  dataRow(row: DataRowTable): DataRow {
    return rowOf(row, row.at);
  },

  reading(row: ReadingTable): Reading {
    return {
      ...decode.dataRow(row),
      ...(row.extra !== null && { extra: JSON.parse(row.extra) as NonNullable<Reading['extra']> }),
      ...(row.offsets !== null && { offsets: JSON.parse(row.offsets) as Offsets }),
    };
  },

  logLine(row: LogLineTable): LogLine {
    return { sensor: row.sensor, slot: row.slot, sequence: row.sequence, at: row.at, text: row.text };
  },

  command(row: Selectable<CommandTable>): CommandRecord {
    return { sensor: row.sensor, domain: row.domain, value: row.value, at: row.at };
  },

  decision(row: Selectable<DecisionTable>): DecisionRecord {
    return {
      sensor: row.sensor,
      domain: row.domain,
      at: row.at,
      event: row.event,
      because: JSON.parse(row.because) as DecisionRecord['because'],
      agentName: row.agent_name,
      version: row.version,
      value: row.value,
      job: row.job,
      ...(row.cut !== null && { cut: JSON.parse(row.cut) as NonNullable<DecisionRecord['cut']> }),
    };
  },

  sensorCommand(row: SensorCommandTable): SensorCommand {
    return {
      id: row.id,
      epoch: row.epoch,
      ordinal: row.ordinal,
      at: row.at,
      agents: (JSON.parse(row.agents) as SensorCommand['agents']).map(withPlainReason),
      state: row.state,
      stateAt: row.state_at,
      observed: row.observed === null ? null : (JSON.parse(row.observed) as SensorCommand['observed']),
      reason: row.reason,
    };
  },

  job(row: JobTable): JobRecord {
    return {
      id: row.id,
      owner: row.owner,
      ...(row.sensor !== null && { sensor: row.sensor }),
      ...(row.domain !== null && { domain: row.domain }),
      plan: JSON.parse(row.plan) as JobRecord['plan'],
      neutral: row.neutral,
      createdAt: row.created_at,
      ...(row.because !== null && { because: JSON.parse(row.because) as NonNullable<JobRecord['because']> }),
      ...(row.cut !== null && { cut: JSON.parse(row.cut) as NonNullable<JobRecord['cut']> }),
      status: row.status,
      startedAt: row.started_at,
      delayedMs: row.delayed_ms,
      waitsSince: row.waits_since,
      seenAt: row.seen_at,
      endsAt: row.ends_at,
      endedAt: row.ended_at,
      outcome: row.outcome,
      reason: row.reason,
    };
  },
} as const;
