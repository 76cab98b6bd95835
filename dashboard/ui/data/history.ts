import { type GardenClient, rangeQuery } from './garden-client.ts';
import {
  type Bucket,
  type CommandRow,
  type Job,
  METRICS,
  type Metric,
  type Row,
  type Sensor,
} from './shapes.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

export const RANGES = { day: DAY_MS, week: 7 * DAY_MS, month: 30 * DAY_MS, year: 365 * DAY_MS } as const;
export type RangeName = keyof typeof RANGES;

/** ms UTC, half open. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/** How finely a span is asked for: a few hundred points each, so that a year is as fast as a day. */
interface Resolution {
  readonly name: 'raw' | '5m' | '30m' | '1h' | '1d';
  readonly upTo: number;
  /** What two neighbours are apart, at most: beyond it the line has a gap. */
  readonly gapMs: number;
  /** Made of single readings, which are kept for some months only. */
  readonly isOfReadings?: true;
}

/** RIPE keeps them for ever. */
const ROWS: Resolution = { name: '30m', upTo: 10 * DAY_MS, gapMs: 3 * HOUR_MS };

const RESOLUTIONS: readonly Resolution[] = [
  { name: 'raw', upTo: 3 * HOUR_MS, gapMs: 30 * MINUTE_MS, isOfReadings: true },
  { name: '5m', upTo: 2 * DAY_MS, gapMs: HOUR_MS, isOfReadings: true },
  ROWS,
  { name: '1h', upTo: 60 * DAY_MS, gapMs: 6 * HOUR_MS },
  { name: '1d', upTo: Number.POSITIVE_INFINITY, gapMs: 3 * DAY_MS },
];
const MOST_ROWS = 10_000;
/** What is shorter was called off while it waited. */
const LEAST_RUN_MS = 100;
/** Held values are asked for day by day: of longer spans only jobs are shown, which are short. */
const MOST_COMMAND_DAYS = 7;

export function resolutionOf({ from, until }: Span): Resolution {
  return RESOLUTIONS.find(({ upTo }) => until - from <= upTo) ?? (RESOLUTIONS[4] as Resolution);
}

/** One metric over a span: seconds since 1970, and values; null where nothing was measured for long. */
export interface Series {
  readonly times: number[];
  readonly mean: (number | null)[];
  readonly least: (number | null)[];
  readonly most: (number | null)[];
  /** Whether least and most say more than the mean. */
  readonly hasSpread: boolean;
}

/** Of a day long ago, whose readings are not kept any more, there are rows. */
export async function loadHistory(
  client: GardenClient,
  sensor: number,
  span: Span,
): Promise<Map<Metric, Series>> {
  const resolution = resolutionOf(span);
  const found = await loadSeries(client, sensor, span, resolution);
  const isAll = found.size > 0 || resolution.isOfReadings === undefined;
  return isAll ? found : loadSeries(client, sensor, span, ROWS);
}

async function loadSeries(
  client: GardenClient,
  sensor: number,
  span: Span,
  { name, gapMs }: Resolution,
): Promise<Map<Metric, Series>> {
  const query = `${rangeQuery(span.from, span.until)}&resolution=${name}&limit=${MOST_ROWS}`;
  const rows = await client.get<(Row | Bucket)[]>(`/api/sensor/${sensor}/data?${query}`);
  const found = new Map<Metric, Series>();
  for (const metric of METRICS) {
    const series = seriesOf(rows, metric, gapMs);
    if (series.times.length > 0) found.set(metric, series);
  }
  return found;
}

export function seriesOf(rows: readonly (Row | Bucket)[], metric: Metric, gapMs: number): Series {
  const series: Series & { hasSpread: boolean } = {
    times: [],
    mean: [],
    least: [],
    most: [],
    hasSpread: false,
  };
  let last: number | null = null;
  for (const row of rows) {
    const value = row[metric];
    if (value === null || value === undefined) continue;
    const at = Date.parse(row.timestamp);
    if (last !== null && at - last > gapMs) push(series, (last + at) / 2, null);
    last = at;
    if (typeof value === 'number') push(series, at, { min: value, mean: value, max: value });
    else {
      series.hasSpread ||= value.max > value.min;
      push(series, at, value);
    }
  }
  return series;
}

function push(series: Series, at: number, value: { min: number; mean: number; max: number } | null): void {
  series.times.push(at / 1000);
  series.mean.push(value?.mean ?? null);
  series.least.push(value?.min ?? null);
  series.most.push(value?.max ?? null);
}

/** While an actuator was on, of whichever agent; `until` null: it still is. */
export interface Band {
  readonly domain: string;
  readonly from: number;
  readonly until: number | null;
}

/** What the agents of a sensor did within a span: jobs, and values that were held. */
export async function loadBands(
  client: GardenClient,
  { id, agents }: Pick<Sensor, 'id' | 'agents'>,
  span: Span,
  now: number,
): Promise<Band[]> {
  const jobs = `/api/sensor/${id}/job`;
  const [ended, open, commands] = await Promise.all([
    client.get<Job[]>(`${jobs}?${rangeQuery(span.from, span.until)}&limit=1000`),
    client.get<Job[]>(jobs),
    loadCommands(client, id, span),
  ]);
  const holding = agents.filter(({ value }) => value !== 0).map(({ domain }) => domain);
  const held = { from: span.from, until: Math.min(span.until, now) };
  return mergeBands([
    ...jobBands([...ended, ...open]),
    ...(commands === null ? [] : heldBands(commands, held, span.until >= now ? holding : [])),
  ]);
}

/** A job that waits for its supply is none, nor the time that it has waited: nothing was on. */
export function jobBands(jobs: readonly Job[]): Band[] {
  return jobs.flatMap(({ domain, state, started_at, delayed_ms, ended_at }) => {
    if (domain === null || started_at === null || state === 'planned' || state === 'queued') return [];
    const from = Date.parse(started_at) + delayed_ms;
    const until = ended_at === null ? null : Date.parse(ended_at);
    return until !== null && until - from < LEAST_RUN_MS ? [] : [{ domain, from, until }];
  });
}

/** Null: there would be too many. */
async function loadCommands(client: GardenClient, sensor: number, span: Span): Promise<CommandRow[] | null> {
  if (span.until - span.from > MOST_COMMAND_DAYS * DAY_MS) return null;
  const days: Promise<CommandRow[]>[] = [];
  for (let from = span.from; from < span.until; from += DAY_MS) {
    const until = Math.min(span.until, from + DAY_MS);
    days.push(client.get<CommandRow[]>(`/api/agent/${sensor}?${rangeQuery(from, until)}`));
  }
  return (await Promise.all(days)).flat();
}

/**
 * Each command holds until the next one of the same agent. `holding`: agents that hold a value at the end of the span; one that
 * was told nothing within it has held that all the time.
 */
export function heldBands(
  commands: readonly CommandRow[],
  { from: begin, until }: Span,
  holding: readonly string[] = [],
): Band[] {
  const bands: Band[] = [];
  const told = new Set(commands.map(({ domain }) => domain));
  const since = new Map(holding.filter((domain) => !told.has(domain)).map((domain) => [domain, begin]));
  for (const { domain, command, created_at } of commands) {
    const at = Date.parse(`${created_at}Z`);
    const from = since.get(domain);
    if (command !== 0 && from === undefined) since.set(domain, at);
    if (command === 0 && from !== undefined) {
      bands.push({ domain, from, until: at });
      since.delete(domain);
    }
  }
  for (const [domain, from] of since) bands.push({ domain, from, until });
  return bands;
}

/** A job and the command that it has sent are one band. */
export function mergeBands(bands: readonly Band[]): Band[] {
  const merged: Band[] = [];
  const sorted = [...bands].sort((a, b) => a.domain.localeCompare(b.domain) || a.from - b.from);
  for (const band of sorted) {
    const last = merged.at(-1);
    const touches = last?.domain === band.domain && (last.until === null || band.from <= last.until);
    if (last === undefined || !touches) merged.push(band);
    else merged[merged.length - 1] = { ...last, until: later(last.until, band.until) };
  }
  return merged;
}

function later(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : Math.max(a, b);
}
