import Type from 'typebox';
import { compileCheck } from '../check.ts';
import { fieldError } from '../errors.ts';
import { isObject } from '../json.ts';
import { parseDate } from '../time/dates.ts';

const int32 = Type.Union([Type.Integer({ minimum: -2_147_483_648, maximum: 2_147_483_647 }), Type.Null()]);
const number = Type.Union([Type.Number(), Type.Null()]);

/** The measured values of a reading with their units (protocol §4.2). */
export const METRICS = [
  'battery',
  'moisture',
  'temperature',
  'humidity',
  'carbon',
  'conductivity',
  'light',
] as const;
export type Metric = (typeof METRICS)[number];
export const METRIC_UNITS: Readonly<Record<Metric, string>> = {
  battery: '%',
  moisture: '%',
  temperature: '°C',
  humidity: '%',
  carbon: 'ppm',
  conductivity: 'µS/cm',
  light: 'lx',
};
export type MetricValues = Record<Metric, number | null>;

/** DataMessage of protocol §4.2, as MQTT and POST data carry it: all members optional, null allowed. */
export const DataMessage = Type.Object({
  timestamp: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  battery: Type.Optional(number),
  moisture: Type.Optional(number),
  temperature: Type.Optional(number),
  humidity: Type.Optional(number),
  carbon: Type.Optional(int32),
  conductivity: Type.Optional(int32),
  light: Type.Optional(int32),
});

/** One data message of a sensor: `timestamp` in ms UTC, the known metrics, and any further numeric ones. */
export interface Reading extends MetricValues {
  readonly timestamp: number;
  readonly extra?: Readonly<Record<string, number>>;
  /** What calibration has added to each metric: the sensor itself has said so much less. */
  readonly offsets?: Readonly<Record<string, number>>;
}

const EARLIEST = Date.UTC(2000, 0, 1);
const MOST_EXTRA = 32;
const LONGEST_NAME = 64;
const checkMessage = compileCheck(DataMessage, 'body');
const known: ReadonlySet<string> = new Set<string>(['timestamp', ...METRICS]);

/**
 * Turns a parsed data message into a reading. Throws an error that names the first bad field.
 * A timestamp in the future counts as `now` (protocol §7.1: else one row absorbs everything for ever).
 */
export function parseReading(value: unknown, now: number): Reading {
  if (!isObject(value)) throw fieldError('body', 'must be an object');
  const message = checkMessage(value);
  const reading: Reading = {
    timestamp: parseTimestamp(message.timestamp, now),
    battery: message.battery ?? null,
    moisture: message.moisture ?? null,
    temperature: message.temperature ?? null,
    humidity: message.humidity ?? null,
    carbon: message.carbon ?? null,
    conductivity: message.conductivity ?? null,
    light: message.light ?? null,
  };
  const extra = furtherMetrics(value);
  return extra === undefined ? reading : { ...reading, extra };
}

/** The value of a known or further metric; null where the reading does not hold it. */
export function metricOf(reading: Reading, metric: string): number | null {
  if ((METRICS as readonly string[]).includes(metric)) return reading[metric as Metric];
  const { extra } = reading;
  return extra !== undefined && Object.hasOwn(extra, metric) ? (extra[metric] ?? null) : null;
}

function parseTimestamp(text: string | null | undefined, now: number): number {
  if (text === undefined || text === null) return now;
  const timestamp = parseDate(text);
  if (timestamp === null) throw fieldError('timestamp', 'must be an RFC 3339 date with zone');
  if (timestamp < EARLIEST) throw fieldError('timestamp', 'must not be before the year 2000');
  return Math.min(timestamp, now);
}

function furtherMetrics(message: Record<string, unknown>): Record<string, number> | undefined {
  let extra: Record<string, number> | undefined;
  let count = 0;
  for (const name in message) {
    const value = message[name];
    if (known.has(name) || typeof value !== 'number' || !Number.isFinite(value)) continue;
    if (name.length > LONGEST_NAME || name === '__proto__') continue;
    count += 1;
    if (count > MOST_EXTRA) break;
    extra ??= {};
    extra[name] = value;
  }
  return extra;
}
