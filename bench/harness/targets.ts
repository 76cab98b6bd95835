import type { BenchOutcome } from './bench-case.ts';

/** What RIPE wants to reach, and which figure tells. */
export interface Target {
  readonly text: string;
  /** The name of the case. */
  readonly of: string;
  /** The name of the row. */
  readonly row: string;
  readonly atLeast?: number;
  readonly atMost?: number;
}

const GROWTH = 1.1;
const growth = (of: string, what: string): Target => ({
  text: `no growth exponent above ${GROWTH}: ${what}`,
  of,
  row: `growth exponent: ${what}`,
  atMost: GROWTH,
});

export const TARGETS: readonly Target[] = [
  {
    text: 'ingest, QoS 1, 1,000 sensors: at least 0.9 of a bare mqtt.js client',
    of: 'ingest',
    row: 'QoS 1, 1000 sensors: RIPE / bare client',
    atLeast: 0.9,
  },
  {
    text: 'the same: more than a flow wired by hand',
    of: 'ingest',
    row: 'QoS 1, 1000 sensors: RIPE / wired by hand',
    atLeast: 1,
  },
  {
    text: 'ingest, QoS 1: with 100,000 sensors at least 0.7 of what it is with 1,000',
    of: 'ingest',
    row: 'QoS 1: RIPE with 100000 / with 1000 sensors',
    atLeast: 0.7,
  },
  {
    text: 'reading to command, p99 at half the top rate: at most twice that of a bare client',
    of: 'latency',
    row: '50 % of the top rate: RIPE / bare client, p99',
    atMost: 2,
  },
  {
    text: '100,000 sensors with two agents each: at most 3 KB resident each',
    of: 'start',
    row: '100000 sensors: memory of one',
    atMost: 3_000,
  },
  { text: '100,000 sensors: ready within 10 s', of: 'start', row: '100000 sensors: ready', atMost: 10_000 },
  {
    text: '300 sensors: the garden page open takes at most a tenth more processor time',
    of: 'dashboard',
    row: 'a page that is live / that nobody sees',
    atMost: 1.1,
  },
  {
    text: 'REST: the status of a sensor at least 0.8 as often a second as a bare flow answers',
    of: 'rest',
    row: 'GET status, two agents / bare',
    atLeast: 0.8,
  },
  growth('ingest', 'a round of all sensors, QoS 1, RIPE'),
  growth('jobs', 'time to add all'),
  growth('jobs', 'memory of all'),
  growth('start', 'time beyond an empty garden'),
  growth('start', 'memory beyond an empty garden'),
];

/** The figure of a target; undefined: not measured. */
export function figureOf({ of, row }: Target, outcomes: readonly BenchOutcome[]) {
  const outcome = outcomes.find(({ name }) => name === of);
  if (outcome === undefined || 'error' in outcome) return undefined;
  return outcome.rows.find(({ name }) => name === row);
}

export function isReached({ atLeast, atMost }: Target, value: number): boolean {
  return value >= (atLeast ?? value) && value <= (atMost ?? value);
}
