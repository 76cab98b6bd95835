import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { BenchCase, BenchContext, BenchResult, BenchRow } from '../harness/bench-case.ts';
import { median, ratioRow } from '../harness/statistics.ts';
import { residentMib } from '../support/memory.ts';
import { startRipe } from '../support/ripe-process.ts';
import { tempDir } from '../support/temp-dir.ts';
import { AGENTS_PER_SENSOR, type AgentTemplate, fillStore, takeTemplate } from './filled-store.ts';

const SIZES = [0, 1000, 10_000];
const STARTS = 3;
/** What was needed to start only is given back by then. */
const SETTLE_MS = 2000;

interface Measured {
  readonly sensors: number;
  readonly startMs: number;
  readonly residentMib: number;
}

export const start: BenchCase = {
  name: 'start',
  title: `from the start of the process to a healthy answer, with ${SIZES.join(', ')} sensors, median of ${STARTS}`,
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
  return { rows: [...measured.flatMap(rowsOf), ...ratioRows(measured)] };
}

async function measure(
  context: BenchContext,
  dataDir: string,
  sensors: number,
  template: readonly AgentTemplate[],
): Promise<Measured> {
  context.progress(`filling a store with ${sensors} sensors`);
  await fillStore(dataDir, sensors, template);
  // The first start of all sets up the user directory; that is done once per garden, and not measured.
  await startOnce(context, dataDir, sensors);
  const starts: Omit<Measured, 'sensors'>[] = [];
  for (let index = 0; index < STARTS; index++) {
    context.progress(`${sensors} sensors, start ${index + 1} of ${STARTS}`);
    starts.push(await startOnce(context, dataDir, sensors));
  }
  return {
    sensors,
    startMs: median(starts.map(({ startMs }) => startMs)),
    residentMib: median(starts.map((one) => one.residentMib)),
  };
}

async function startOnce(
  context: BenchContext,
  dataDir: string,
  sensors: number,
): Promise<Omit<Measured, 'sensors'>> {
  const { pid, health, startMs, stop } = await startRipe(context, dataDir);
  if (health.sensor_count !== sensors) {
    throw new Error(`RIPE was healthy with ${health.sensor_count} sensors instead of ${sensors}`);
  }
  await pause(SETTLE_MS);
  const mib = await residentMib(pid);
  await stop();
  return { startMs, residentMib: mib };
}

function rowsOf({ sensors, startMs, residentMib: mib }: Measured): BenchRow[] {
  const name = `${sensors} sensors with ${AGENTS_PER_SENSOR} agents each`;
  return [
    { name: `${name}: start`, value: startMs, unit: 'ms' },
    { name: `${name}: resident memory`, value: mib, unit: 'MiB' },
  ];
}

function ratioRows([empty, ...filled]: readonly Measured[]): BenchRow[] {
  if (empty === undefined) return [];
  return filled.flatMap(({ sensors, startMs, residentMib: mib }) => [
    ratioRow(`start with ${sensors} / with none`, startMs, empty.startMs),
    ratioRow(`memory with ${sensors} / with none`, mib, empty.residentMib),
  ]);
}

async function subDir(dir: string, name: string): Promise<string> {
  const made = path.join(dir, name);
  await mkdir(made);
  return made;
}
