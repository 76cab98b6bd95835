import { MosquittoProcess } from '../../test/support/mosquitto.ts';
import type { BenchCase, BenchContext, BenchResult, BenchRow } from '../harness/bench-case.ts';
import { growthExponent, ratioRow } from '../harness/statistics.ts';
import { type StartConsumer, startBare, startStoring, startWired } from '../ingest/consumers.ts';
import { measureRate, type Rate } from '../ingest/measure.ts';
import type { Qos } from '../ingest/workload.ts';

const SIZES = listOf('BENCH_SENSORS', [100, 1_000, 10_000, 100_000]);
const QOS = listOf('BENCH_QOS', [0, 1, 2]) as Qos[];
const CONSUMERS = { bare: startBare, wired: startWired, ripe: startStoring } as const;

type Name = keyof typeof CONSUMERS;
const TITLES: Record<Name, string> = {
  bare: 'bare mqtt.js client',
  wired: 'flow wired by hand',
  ripe: 'RIPE',
};

/** Readings a second by consumer, sensors and QoS. */
type Rates = Map<string, Rate>;
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
    for (const name of Object.keys(CONSUMERS) as Name[]) await measure(context, name, sensors, rates);
  }
  const rows = QOS.flatMap((qos) => [
    ...SIZES.flatMap((sensors) => rowsOf(rates, sensors, qos)),
    ...growthRows(rates, qos),
  ]);
  return { rows };
}

/** One consumer alone at a mosquitto of its own. */
async function measure(context: BenchContext, name: Name, sensors: number, rates: Rates): Promise<void> {
  // With its usual limit of 20 mosquitto acknowledges and drops what a simple client has under way beyond that.
  const unlimited = ['max_queued_messages 0', 'max_inflight_messages 0'];
  const broker = new MosquittoProcess(null, ['persistence false', ...unlimited]);
  await broker.start();
  context.onEnd(() => broker.dispose());
  const start: StartConsumer = CONSUMERS[name];
  const consumer = await start(context, broker.port, sensors);
  for (const qos of QOS) {
    const rate = await measureRate(context, consumer, { port: broker.port, sensors, qos });
    context.progress(
      `${sensors} sensors, QoS ${qos}, ${TITLES[name]}: ${Math.round(rate.perSecond)} readings/s`,
    );
    rates.set(at(name, sensors, qos), rate);
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

/** How a round of readings, one of each sensor, grows with the sensors: 1 is in proportion. */
function growthRows(rates: Rates, qos: Qos): BenchRow[] {
  if (SIZES.length < 2) return [];
  return (['bare', 'ripe'] as const).map((name) => ({
    name: `QoS ${qos}: growth exponent of a round of all sensors, ${TITLES[name]}`,
    value: growthExponent(
      SIZES.map((sensors) => [sensors, sensors / rateAt(rates, name, sensors, qos).perSecond]),
    ),
    unit: '',
  }));
}

function rateAt(rates: Rates, name: Name, sensors: number, qos: Qos): Rate {
  const rate = rates.get(at(name, sensors, qos));
  if (rate === undefined) throw new Error(`${at(name, sensors, qos)} was not measured`);
  return rate;
}

/** A shorter run by hand: `BENCH_SENSORS=100,1000 BENCH_QOS=1`. */
function listOf(variable: string, usual: readonly number[]): number[] {
  const text = process.env[variable];
  return text === undefined ? [...usual] : text.split(',').map(Number);
}
