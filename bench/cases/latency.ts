import type {
  BenchCase,
  BenchContext,
  BenchCurves,
  BenchLine,
  BenchResult,
  BenchRow,
} from '../harness/bench-case.ts';
import { growthRows, percentile, ratioRow } from '../harness/statistics.ts';
import { type Consumer, forkProgram, startBare, startStoring } from '../ingest/consumers.ts';
import { measureRate } from '../ingest/measure.ts';
import type { PacedAnswer, PacedOrder } from '../ingest/paced.ts';
import { type BenchBroker, startBroker } from '../support/broker.ts';

/** Those that send the stream of readings. */
const SENSORS = 1_000;
const SHARES = [0.1, 0.5, 0.9] as const;
const PHASE_MS = Number(process.env['BENCH_LATENCY_MS'] ?? 10_000);
const PROBES = PHASE_MS / 10;
const WARM_UP_PROBES = 100;
const WARM_UP_MS = 1_000;
const ALL = SENSORS + WARM_UP_PROBES + SHARES.length * PROBES;
const PERCENTILES = [50, 99, 99.9] as const;
/** Gardens of other sizes answer at the lowest of these rates. */
const GARDENS = [100, 1_000, 10_000] as const;

/** Who answers the readings, at a broker of its own. */
interface Contestant {
  readonly name: string;
  readonly consumer: Consumer;
  readonly broker: BenchBroker;
}

export const latency: BenchCase = {
  name: 'latency',
  title:
    'from a dry reading to its command, at 10, 50 and 90 % of the top rate; beside a bare client at the same rates',
  run,
};

async function run(context: BenchContext): Promise<BenchResult> {
  const ripe = await contestant(context, 'RIPE', startStoring);
  const bare = await contestant(context, 'bare client', startBare);
  const top = await measureRate(context, ripe.consumer, { port: ripe.broker.port, sensors: SENSORS, qos: 1 });
  context.progress(`the top rate is ${Math.round(top.perSecond)} readings/s`);
  const rows: BenchRow[] = [{ name: 'top rate of RIPE', value: top.perSecond, unit: 'readings/s' }];
  const lines = new Map<string, [number, number][]>();
  for (const { broker } of [bare, ripe]) await stream(context, broker, top.perSecond / 2, WARM_UP);
  for (const [index, share] of SHARES.entries()) {
    const phase = {
      firstProbe: SENSORS + WARM_UP_PROBES + index * PROBES + 1,
      probes: PROBES,
      forMs: PHASE_MS,
    };
    const [ofBare, ofRipe] = [
      await stream(context, bare.broker, share * top.perSecond, phase),
      await stream(context, ripe.broker, share * top.perSecond, phase),
    ];
    rows.push(...rowsOf(share, ofBare, ofRipe));
    for (const percent of PERCENTILES.slice(0, 2)) {
      pointsOf(lines, `bare client, p${percent}`).push([share * 100, percentile(ofBare.delaysMs, percent)]);
      pointsOf(lines, `RIPE, p${percent}`).push([share * 100, percentile(ofRipe.delaysMs, percent)]);
    }
  }
  for (const { consumer } of [ripe, bare]) await consumer.stop();
  const medians: [sensors: number, ms: number][] = [];
  for (const sensors of GARDENS)
    medians.push([sensors, await medianOfGarden(context, sensors, SHARES[0] * top.perSecond)]);
  rows.push(
    ...medians.map(([sensors, value]) => ({ name: `a garden of ${sensors}: RIPE, p50`, value, unit: 'ms' })),
    ...growthRows('reading to command with the sensors, p50', medians),
  );
  return {
    rows,
    curves: [
      byRate([...lines].map(([name, points]) => ({ name, points }))),
      bySensors([{ name: 'RIPE, p50', points: medians }]),
    ],
  };
}

const WARM_UP = { firstProbe: SENSORS + 1, probes: WARM_UP_PROBES, forMs: WARM_UP_MS };

async function contestant(
  context: BenchContext,
  name: string,
  start: typeof startBare,
  sensors = ALL,
): Promise<Contestant> {
  const broker = await startBroker(context);
  return { name, broker, consumer: await start(context, broker.port, sensors) };
}

async function medianOfGarden(context: BenchContext, sensors: number, perSecond: number): Promise<number> {
  context.progress(`a garden of ${sensors} sensors`);
  const all = sensors + WARM_UP_PROBES + PROBES;
  const { broker, consumer } = await contestant(context, 'RIPE', startStoring, all);
  const warmUp = { firstProbe: sensors + 1, probes: WARM_UP_PROBES, forMs: WARM_UP_MS };
  await stream(context, broker, perSecond, warmUp, sensors);
  const phase = { firstProbe: sensors + WARM_UP_PROBES + 1, probes: PROBES, forMs: PHASE_MS };
  const { delaysMs } = await stream(context, broker, perSecond, phase, sensors);
  await consumer.stop();
  return percentile(delaysMs, 50);
}

async function stream(
  context: BenchContext,
  { port }: BenchBroker,
  perSecond: number,
  phase: Pick<PacedOrder, 'firstProbe' | 'probes' | 'forMs'>,
  sensors = SENSORS,
): Promise<PacedAnswer> {
  const child = forkProgram(context, 'paced.ts');
  const answer = new Promise<PacedAnswer>((resolve, reject) => {
    child.once('message', resolve as (message: unknown) => void);
    child.once('exit', (code) => reject(new Error(`the stream of readings has ended with ${code}`)));
  });
  child.send({ port, sensors, perSecond, ...phase } satisfies PacedOrder);
  return answer;
}

function rowsOf(share: number, bare: PacedAnswer, ripe: PacedAnswer): BenchRow[] {
  const at = `${share * 100} % of the top rate`;
  const of = (name: string, { delaysMs, perSecond }: PacedAnswer): BenchRow[] => [
    ...PERCENTILES.map((percent) => ({
      name: `${at}: ${name}, p${percent}`,
      value: percentile(delaysMs, percent),
      unit: 'ms',
    })),
    { name: `${at}: ${name}, readings published`, value: perSecond, unit: 'readings/s' },
  ];
  const ratios = PERCENTILES.map((percent) =>
    ratioRow(
      `${at}: RIPE / bare client, p${percent}`,
      percentile(ripe.delaysMs, percent),
      percentile(bare.delaysMs, percent),
    ),
  );
  return [...of('bare client', bare), ...of('RIPE', ripe), ...ratios];
}

function pointsOf(lines: Map<string, [number, number][]>, name: string): [number, number][] {
  const points = lines.get(name) ?? [];
  lines.set(name, points);
  return points;
}

const byRate = (lines: BenchLine[]): BenchCurves => ({
  id: 'latency',
  title: 'From a dry reading to its command',
  x: '% of the top rate',
  unit: 'ms',
  lines,
});

const bySensors = (lines: BenchLine[]): BenchCurves => ({
  id: 'latency-garden',
  title: 'The same in gardens of other sizes, at 10 % of the top rate',
  x: 'sensors',
  unit: 'ms',
  lines,
});
