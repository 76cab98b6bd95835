import { performance } from 'node:perf_hooks';
import { keyOf } from '../cases/filled-store.ts';
import { median } from '../harness/statistics.ts';

const ROUNDS = 7;

export interface Range {
  readonly resolution: string;
  readonly from: number;
  readonly until: number;
}

export interface RangeCost {
  readonly rows: number;
  /** Of all pages together. */
  readonly ms: number;
}

/** Reads a whole range over REST, page by page, some times over; the time of the one in the middle. */
export async function rangeCost(url: string, range: Range): Promise<RangeCost> {
  const times: number[] = [];
  let rows = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const startedAt = performance.now();
    rows = await readAll(url, range);
    times.push(performance.now() - startedAt);
  }
  return { rows, ms: median(times) };
}

async function readAll(url: string, { resolution, from, until }: Range): Promise<number> {
  const query = new URLSearchParams({
    from: new Date(from).toISOString(),
    until: new Date(until).toISOString(),
    resolution,
    limit: '10000',
  });
  let rows = 0;
  let next: URL | undefined = new URL(`/api/sensor/1/data?${query}`, url);
  while (next !== undefined) {
    const response: Response = await fetch(next, { headers: { 'x-key': keyOf(1) } });
    const body = (await response.json()) as unknown[];
    if (!response.ok) throw new Error(`${next}: ${JSON.stringify(body)}`);
    rows += body.length;
    const link = /<([^>]+)>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1];
    next = link === undefined ? undefined : new URL(link, next);
  }
  return rows;
}
