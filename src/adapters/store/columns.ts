import type { Insertable } from 'kysely';
import { METRICS } from '../../domain/reading/reading.ts';
import type { Tables } from './tables.ts';

/** The columns that a change writes: all but the ids that the database gives. */
export const COLUMNS = {
  sensors: ['id', 'key', 'name', 'created_at', 'offsets'],
  agents: ['sensor', 'domain', 'agent_name', 'version', 'state', 'settings', 'value', 'wake_at', 'guard'],
  data_rows: ['sensor', 'at', ...METRICS],
  readings: ['sensor', 'at', ...METRICS, 'extra', 'offsets'],
  log_lines: ['sensor', 'slot', 'sequence', 'at', 'text'],
  commands: ['sensor', 'domain', 'value', 'at'],
  decisions: ['sensor', 'domain', 'at', 'event', 'because', 'agent_name', 'version', 'value', 'job', 'cut'],
  jobs: [
    ...(['id', 'owner', 'sensor', 'domain', 'plan', 'neutral', 'created_at', 'because', 'cut'] as const),
    ...([
      'status',
      'started_at',
      'delayed_ms',
      'waits_since',
      'seen_at',
      'ends_at',
      'ended_at',
      'outcome',
      'reason',
    ] as const),
  ],
  sensor_commands: [
    ...(['sensor', 'slot', 'ordinal', 'id', 'epoch', 'at'] as const),
    ...(['agents', 'state', 'state_at', 'observed', 'reason'] as const),
  ],
  owed_clears: ['sensor', 'key'],
  former_keys: ['sensor', 'key', 'until'],
} as const satisfies { readonly [Name in keyof Tables]?: readonly (keyof Tables[Name])[] };

/** By what a row is replaced; rows of the other tables are only added. */
export const KEYS: { readonly [Name in WrittenTable]?: readonly (keyof Tables[Name] & string)[] } = {
  agents: ['sensor', 'domain'],
  data_rows: ['sensor', 'at'],
  log_lines: ['sensor', 'slot'],
  jobs: ['id'],
  sensor_commands: ['sensor', 'slot'],
  owed_clears: ['sensor'],
  former_keys: ['sensor', 'key'],
};

export type WrittenTable = keyof typeof COLUMNS;
export type WrittenRow<Name extends WrittenTable> = Insertable<Tables[Name]>;
/** The columns of `meta` that only rise. */
export type Counter = keyof Tables['meta'] & ('last_sensor_id' | 'epoch');

export type SqlValue = string | number | null;
