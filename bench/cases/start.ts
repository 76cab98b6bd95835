import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { BenchCase, BenchContext, BenchLine, BenchResult, BenchRow } from '../harness/bench-case.ts';
import { growthRows, median, ratioRow } from '../harness/statistics.ts';
import { type BenchBroker, startBroker } from '../support/broker.ts';
import { residentMib } from '../support/memory.ts';
import { untilCalm } from '../support/process-use.ts';
import { startRipe } from '../support/ripe-process.ts';
import { tempDir } from '../support/temp-dir.ts';
import { AGENTS_PER_SENSOR, type AgentTemplate, fillStore, takeTemplate } from './filled-store.ts';

const SIZES = [
  0,
  ...(process.env['BENCH_START_SENSORS'] ?? '1000,10000,30000,100000').split(',').map(Number),
];
const STARTS = Number(process.env['BENCH_STARTS'] ?? 3);
const CALM_WITHIN_MS = 120_000;
/** A difference from the empty garden that is smaller than this share of it is the machine's, and tells nothing of growth. */
const NOISE = 0.1;
const MIB = 1_048_576;

interface Measured {
  readonly sensors: number;
  readonly readyMs: number;
  readonly residentMib: number;
}

export const start: BenchCase = {
  name: 'start',
  title: `from the start of the process to a healthy answer, with up to ${Math.max(...SIZES)} sensors, median of ${STARTS}`,
  run,
};

async function run(context: BenchContext): Promise<BenchResult> {
  const dir = await tempDir(context);
  context.progress('taking the template');
  const template = await takeTemplate(context, await subDir(dir, 'template'));
  const measured: Measured[] = [];
  for (const sensors of SIZES) {
    measured.push(await measure(context, await subDir(dir, `sensors-${sensors}`), sensors, template));
  }
  return summary(measured);
}

async function measure(
  context: BenchContext,
  dataDir: string,
  sensors: number,
  template: readonly AgentTemplate[],
): Promise<Measured> {
  context.progress(`filling a store with ${sensors} sensors`);
  await fillStore(dataDir, sensors, template);
  const broker = await startBroker(context);
  // The first start of all sets up the user directory, and gives every sensor its first vector; it is not measured.
  await startOnce(context, dataDir, sensors, broker);
  const starts: Omit<Measured, 'sensors'>[] = [];
  for (let index = 0; index < STARTS; index++) {
    context.progress(`${sensors} sensors, start ${index + 1} of ${STARTS}`);
    starts.push(await startOnce(context, dataDir, sensors, broker));
  }
  await broker.stop();
  return {
    sensors,
    readyMs: median(starts.map(({ readyMs }) => readyMs)),
    residentMib: median(starts.map((one) => one.residentMib)),
  };
}

async function startOnce(
  context: BenchContext,
  dataDir: string,
  sensors: number,
  { port }: BenchBroker,
): Promise<Omit<Measured, 'sensors'>> {
  const env = { RIPE_BROKERS: `mqtt://127.0.0.1:${port}` };
  const { pid, health, startMs, stop } = await startRipe(context, dataDir, env);
  if (health.sensor_count !== sensors) {
    throw new Error(`RIPE was healthy with ${health.sensor_count} sensors instead of ${sensors}`);
  }
  await untilCalm(pid, CALM_WITHIN_MS);
  const mib = await residentMib(pid);
  await stop();
  return { readyMs: startMs, residentMib: mib };
}

function summary([empty, ...filled]: readonly Measured[]): BenchResult {
  if (empty === undefined) throw new Error('nothing was measured');
  const time = beyond(empty, filled, ({ readyMs }) => readyMs);
  const memory = beyond(empty, filled, (one) => one.residentMib);
  return {
    rows: [
      ...[empty, ...filled].flatMap(rowsOf),
      ...memory.points.map(([sensors, mib]) => ({
        name: `${sensors} sensors: memory of one`,
        value: (mib * MIB) / sensors,
        unit: 'B',
      })),
      ...filled.map(({ sensors, readyMs }) =>
        ratioRow(`ready with ${sensors} / with none`, readyMs, empty.readyMs),
      ),
      ...growthRows('time beyond an empty garden', time.points),
      ...growthRows('memory beyond an empty garden', memory.points),
    ],
    curves: [
      { id: 'start-time', title: `Start, ${WHOSE}`, x: 'sensors', unit: 'ms', lines: [time] },
      { id: 'start-memory', title: `Resident memory, ${WHOSE}`, x: 'sensors', unit: 'MiB', lines: [memory] },
    ],
  };
}

function beyond(empty: Measured, filled: readonly Measured[], of: (one: Measured) => number): BenchLine {
  const differences = filled.map((one) => [one.sensors, of(one) - of(empty)] as const);
  return { name: 'beyond empty', points: differences.filter(([, more]) => more > NOISE * of(empty)) };
}

const WHOSE = `${AGENTS_PER_SENSOR} agents a sensor, beyond an empty garden`;

function rowsOf({ sensors, readyMs, residentMib: mib }: Measured): BenchRow[] {
  return [
    { name: `${sensors} sensors: ready`, value: readyMs, unit: 'ms' },
    { name: `${sensors} sensors: resident memory`, value: mib, unit: 'MiB' },
  ];
}

async function subDir(dir: string, name: string): Promise<string> {
  const made = path.join(dir, name);
  await mkdir(made);
  return made;
}
