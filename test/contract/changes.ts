import type { SensorCommand } from '../../src/domain/command/sensor-command.ts';
import type { JobRecord } from '../../src/domain/job/job.ts';
import type { Reading } from '../../src/domain/reading/reading.ts';
import type { DataRow } from '../../src/domain/reading/row.ts';
import type { AgentRecord, CommandRecord, DecisionRecord, LogLine } from '../../src/domain/store.ts';

const NO_METRICS = {
  battery: null,
  moisture: null,
  temperature: null,
  humidity: null,
  carbon: null,
  conductivity: null,
  light: null,
};

/** Builders of complete records, of which a test names only what it is about. */
export const make = {
  sensor: (id: number) => ({ id, key: `key${id}`, name: `Sensor ${id}`, createdAt: 1_700_000_000_000 + id }),

  agent: (parts: Partial<AgentRecord> = {}): AgentRecord => ({
    sensor: 1,
    domain: '01_Water',
    agentName: 'ThresholdAgent',
    version: '1.0.0',
    state: {},
    settings: {},
    value: 0,
    wakeAt: null,
    ...parts,
  }),

  row: (timestamp: number, parts: Partial<DataRow> = {}): DataRow => ({ timestamp, ...NO_METRICS, ...parts }),

  reading: (timestamp: number, parts: Partial<Reading> = {}): Reading => ({
    timestamp,
    ...NO_METRICS,
    ...parts,
  }),

  line: (sequence: number, parts: Partial<LogLine> = {}): LogLine => ({
    sensor: 1,
    slot: sequence,
    sequence,
    at: sequence,
    text: `line ${sequence}`,
    ...parts,
  }),

  command: (at: number, parts: Partial<CommandRecord> = {}): CommandRecord => ({
    sensor: 1,
    domain: '01_Water',
    value: 1,
    at,
    ...parts,
  }),

  decision: (at: number, parts: Partial<DecisionRecord> = {}): DecisionRecord => ({
    sensor: 1,
    domain: '01_Water',
    at,
    event: 'reading',
    because: { code: 'dry', params: { moisture: 12.5, threshold: 20 } },
    agentName: 'ThresholdAgent',
    version: '1.0.0',
    value: 1,
    job: null,
    ...parts,
  }),

  sensorCommand: (ordinal: number, parts: Partial<SensorCommand> = {}): SensorCommand => ({
    id: `3-${ordinal}`,
    epoch: 3,
    ordinal,
    at: 1_700_000_000_000 + ordinal,
    agents: [
      {
        domain: '01_Water',
        value: 1,
        neutral: 0,
        until: 1_700_000_060_000,
        isLeased: false,
        because: { code: 'dry', params: { moisture: 12.5 } },
      },
    ],
    state: 'queued',
    stateAt: 1_700_000_000_000 + ordinal,
    observed: null,
    reason: null,
    ...parts,
  }),

  job: (id: string, parts: Partial<JobRecord> = {}): JobRecord => ({
    id,
    owner: '1/01_Water',
    sensor: 1,
    domain: '01_Water',
    plan: { steps: [{ set: 1 }, { wait: 60_000 }, { set: 0 }], supply: 'pump' },
    neutral: 0,
    createdAt: 1,
    status: 'planned',
    startedAt: null,
    delayedMs: 250,
    waitsSince: null,
    seenAt: null,
    endsAt: null,
    endedAt: null,
    outcome: null,
    reason: null,
    ...parts,
  }),
};
