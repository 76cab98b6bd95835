import type { BenchCase, BenchContext, BenchCurves, BenchResult, BenchRow } from '../harness/bench-case.ts';
import { growthRows, median, ratioRow } from '../harness/statistics.ts';
import { type StartConsumer, startBare, startStoring, startWired } from '../ingest/consumers.ts';
import { measureRate, type Rate } from '../ingest/measure.ts';
import type { Qos } from '../ingest/workload.ts';
import { startBroker } from '../support/broker.ts';

const SIZES = listOf('BENCH_SENSORS', [100, 1_000, 10_000, 100_000]);
const QOS = listOf('BENCH_QOS', [0, 1, 2]) as Qos[];
/** The size that targets are about; it is measured so many times, all consumers in turn, since two runs differ by a fifth. */
const USUAL = 1_000;
const ROUNDS = Number(process.env['BENCH_INGEST_ROUNDS'] ?? 3);
const CONSUMERS = { bare: startBare, wired: startWired, ripe: startStoring } as const;

type Name = keyof typeof CONSUMERS;
const TITLES: Record<Name, string> = {
  bare: 'bare mqtt.js client',
  wired: 'flow wired by hand',
  ripe: 'RIPE',
};

/** Readings a second by consumer, sensors and QoS, of each round. */
type Rates = Map<string, Rate[]>;
const at = (name: Name, sensors: number, qos: Qos) => `${name} ${sensors} ${qos}`;

export const ingest: BenchCase = {
  name: 'ingest',
  title:
    'readings a second through twin, decision, store and command; beside a bare client and a flow wired by hand',
  run,
};

async function run(context: BenchContext): Promise<BenchResult> {
  const rates: Rates = new Map();
  for (const sensors of SIZES) {
    for (let round = 0; round < (sensors === USUAL ? ROUNDS : 1); round += 1) {
      for (const name of Object.keys(CONSUMERS) as Name[]) await measure(context, name, sensors, rates);
    }
  }
  const rows = QOS.flatMap((qos) => [
    ...SIZES.flatMap((sensors) => rowsOf(rates, sensors, qos)),
    ...sizeRows(rates, qos),
  ]);
  return { rows, curves: QOS.map((qos) => curvesOf(rates, qos)) };
}

/** One consumer alone at a broker of its own. */
async function measure(context: BenchContext, name: Name, sensors: number, rates: Rates): Promise<void> {
  const broker = await startBroker(context);
  const start: StartConsumer = CONSUMERS[name];
  const consumer = await start(context, broker.port, sensors);
  for (const qos of QOS) {
    const rate = await measureRate(context, consumer, { port: broker.port, sensors, qos });
    context.progress(
      `${sensors} sensors, QoS ${qos}, ${TITLES[name]}: ${Math.round(rate.perSecond)} readings/s`,
    );
    rates.set(at(name, sensors, qos), [...(rates.get(at(name, sensors, qos)) ?? []), rate]);
  }
  await consumer.stop();
  await broker.stop();
}

function rowsOf(rates: Rates, sensors: number, qos: Qos): BenchRow[] {
  const of = (name: Name) => rateAt(rates, name, sensors, qos);
  const [bare, wired, ripe] = [of('bare'), of('wired'), of('ripe')];
  const head = `QoS ${qos}, ${sensors} sensors`;
  return [
    ...(Object.keys(CONSUMERS) as Name[]).map((name) => ({
      name: `${head}: ${TITLES[name]}`,
      value: of(name).perSecond,
      unit: 'readings/s',
    })),
    ...[bare, wired].flatMap(({ short }, index) =>
      short > 0.1
        ? [
            {
              name: `${head}: ${TITLES[index === 0 ? 'bare' : 'wired']} had to wait for readings`,
              value: short * 100,
              unit: '%',
            },
          ]
        : [],
    ),
    ratioRow(`${head}: RIPE / bare client`, ripe.perSecond, bare.perSecond),
    ratioRow(`${head}: RIPE / wired by hand`, ripe.perSecond, wired.perSecond),
  ];
}

/** What more sensors do to it: a round of readings, one of each sensor, grows in proportion where the exponent is 1. */
function sizeRows(rates: Rates, qos: Qos): BenchRow[] {
  const rateOf = (name: Name, sensors: number) => rateAt(rates, name, sensors, qos).perSecond;
  const largest = Math.max(...SIZES);
  return [
    ...(largest > USUAL && SIZES.includes(USUAL)
      ? [
          ratioRow(
            `QoS ${qos}: RIPE with ${largest} / with ${USUAL} sensors`,
            rateOf('ripe', largest),
            rateOf('ripe', USUAL),
          ),
        ]
      : []),
    ...(['bare', 'ripe'] as const).flatMap((name) =>
      growthRows(
        `a round of all sensors, QoS ${qos}, ${TITLES[name]}`,
        SIZES.map((sensors) => [sensors, sensors / rateOf(name, sensors)]),
      ),
    ),
  ];
}

function curvesOf(rates: Rates, qos: Qos): BenchCurves {
  return {
    id: `ingest-qos-${qos}`,
    title: `Readings a second, QoS ${qos}`,
    x: 'sensors',
    unit: 'readings/s',
    lines: (Object.keys(CONSUMERS) as Name[]).map((name) => ({
      name: TITLES[name],
      points: SIZES.map((sensors) => [sensors, rateAt(rates, name, sensors, qos).perSecond]),
    })),
  };
}

function rateAt(rates: Rates, name: Name, sensors: number, qos: Qos): Rate {
  const rounds = rates.get(at(name, sensors, qos));
  if (rounds === undefined) throw new Error(`${at(name, sensors, qos)} was not measured`);
  return {
    perSecond: median(rounds.map(({ perSecond }) => perSecond)),
    short: median(rounds.map(({ short }) => short)),
  };
}

/** A shorter run by hand: `BENCH_SENSORS=100,1000 BENCH_QOS=1`. */
function listOf(variable: string, usual: readonly number[]): number[] {
  const text = process.env[variable];
  return text === undefined ? [...usual] : text.split(',').map(Number);
}
