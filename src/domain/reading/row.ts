import { METRICS, type MetricValues, type Reading } from './reading.ts';

/** A 30-minute row: the only one that status, data and data/first return. `timestamp` is ms UTC. */
export interface DataRow extends MetricValues {
  readonly timestamp: number;
}

export const ROW_WINDOW_MS = 30 * 60_000;

/**
 * Folds a reading into the newest row while that is younger than half an hour by the server's time, else
 * begins a new row (protocol §7.1). Values of null keep what the row holds: a Raspberry Pi sends all nulls when
 * its radio fails.
 */
export function foldReading(newest: DataRow | null, reading: Reading, now: number): DataRow {
  if (newest === null || newest.timestamp <= now - ROW_WINDOW_MS) return rowOf(reading, reading.timestamp);
  const row = rowOf(reading, newest.timestamp);
  for (const metric of METRICS) row[metric] ??= newest[metric];
  return row;
}

/** Field by field: what is spread into an object takes longer, and there are many rows. */
export function rowOf(values: MetricValues, timestamp: number): DataRow {
  return {
    timestamp,
    battery: values.battery,
    moisture: values.moisture,
    temperature: values.temperature,
    humidity: values.humidity,
    carbon: values.carbon,
    conductivity: values.conductivity,
    light: values.light,
  };
}
