import { dayOf, offsetOf } from '../time/local-time.ts';
import { METRICS, type Metric, type MetricValues } from './reading.ts';
import type { BucketSize } from './resolution.ts';

/** What a metric was like within a while. */
export interface Spread {
  readonly min: number;
  readonly mean: number;
  readonly max: number;
}

/** The readings of a while, told by their spread; null: nobody measured. */
export interface Bucket {
  /** When the while begins, ms UTC. */
  readonly timestamp: number;
  /** How many readings, or 30-minute rows, it is made of. */
  readonly count: number;
  readonly values: Readonly<Record<Metric, Spread | null>>;
}

interface Measured extends MetricValues {
  readonly timestamp: number;
}

interface Span {
  readonly from: number;
  readonly until: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Puts readings, oldest first, into buckets; those in which nothing was measured do not exist. */
export function foldBuckets(readings: readonly Measured[], size: BucketSize, zone: string): Bucket[] {
  const buckets: Bucket[] = [];
  let place = 0;
  while (place < readings.length) {
    const { timestamp } = readings[place] as Measured;
    const span = spanOf(timestamp, size, zone);
    let end = place + 1;
    while (end < readings.length && (readings[end] as Measured).timestamp < span.until) end += 1;
    buckets.push(bucketOf(span.from, readings.slice(place, end)));
    place = end;
  }
  return buckets;
}

/** The while that a moment belongs to: hours and days are those of the zone's clock. */
export function spanOf(at: number, size: BucketSize, zone: string): Span {
  if (size === '5m') return steps(at, 5 * MINUTE_MS);
  if (zone === 'UTC') return steps(at, size === '1h' ? HOUR_MS : 24 * HOUR_MS);
  if (size === '1d') return dayOf(at, zone);
  // Some zones are half an hour off: their hours begin at half past of UTC.
  const { from } = steps(at + offsetOf(zone, at), HOUR_MS);
  const start = from - offsetOf(zone, at);
  return { from: start, until: start + HOUR_MS };
}

function steps(at: number, ms: number): Span {
  const from = Math.floor(at / ms) * ms;
  return { from, until: from + ms };
}

function bucketOf(timestamp: number, readings: readonly Measured[]): Bucket {
  const values = Object.fromEntries(METRICS.map((metric) => [metric, spreadOf(readings, metric)]));
  return { timestamp, count: readings.length, values: values as Bucket['values'] };
}

function spreadOf(readings: readonly Measured[], metric: Metric): Spread | null {
  let count = 0;
  let mean = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const { [metric]: value } of readings) {
    if (value === null) continue;
    count += 1;
    // Step by step: a sum of huge values would be more than a number holds.
    mean += value / count - mean / count;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  return count === 0 ? null : { min, mean, max };
}
