import { mkdir, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { MosquittoProcess } from '../../test/support/mosquitto.ts';
import { agentSource, asModule, writePlugins } from '../../test/support/plugin-files.ts';
import type { BenchCase, BenchContext, BenchResult, BenchRow } from '../harness/bench-case.ts';
import { growthRows, percentile, ratioRow } from '../harness/statistics.ts';
import { type AnsweredReading, ReadingFlow } from '../support/reading-flow.ts';
import { type RipeProcess, startRipe } from '../support/ripe-process.ts';
import { RunningJobs } from '../support/running-jobs.ts';
import { tempDir } from '../support/temp-dir.ts';
import { fillStore, keyOf, takeTemplate } from './filled-store.ts';

const SIZES = (process.env['BENCH_TWINS'] ?? '100,1000,10000').split(',').map(Number);
const PER_SECOND = Number(process.env['BENCH_READINGS_PER_SECOND'] ?? 500);
const JOBS = Number(process.env['BENCH_JOBS'] ?? 100);
const PRELOAD = path.resolve(import.meta.dirname, '../support/loop-delay.js');
const WARM_UP_MS = 5_000;
const PHASE_MS = 10_000;
const WITHIN_MS = 60_000;
/** The file of the event loop follows every 200 ms. */
const LOOP_FILE_MS = 500;
const DRAIN_MS = 3_000;

interface Counts {
  readonly published: number;
  readonly lost: number;
  readonly overtaken: number;
  readonly changedJobs: number;
  readonly endedByFormer: number;
}

interface Phase {
  readonly answered: readonly AnsweredReading[];
  readonly blockedMs: number;
}

export const swap: BenchCase = {
  name: 'swap',
  title: `a plugin of ${SIZES.join(', ')} twins is replaced while ${PER_SECOND} readings a second come, and ${JOBS} jobs run`,
  run,
};

interface Swapped {
  readonly twins: number;
  readonly calm: Phase;
  readonly swapped: Phase;
  readonly counts: Counts;
}

async function run(context: BenchContext): Promise<BenchResult> {
  const measured: Swapped[] = [];
  for (const twins of SIZES) measured.push(await measureSwap(context, twins));
  const curve = (name: string, figureOf: (size: Swapped) => number) => ({
    name,
    points: measured.map((size) => [size.twins, figureOf(size)] as const),
  });
  const delay = curve('reading to command, p99', ({ swapped }) => p99Of(swapped));
  const blocked = curve('event loop blocked for at most', ({ swapped }) => swapped.blockedMs);
  return {
    rows: [
      ...measured.flatMap(rowsOf),
      ...growthRows('reading to command during a swap, p99', delay.points),
      ...growthRows('event loop blocked by a swap', blocked.points),
    ],
    curves: [
      { id: 'swap', title: 'While a plugin is replaced', x: 'twins', unit: 'ms', lines: [delay, blocked] },
    ],
  };
}

async function measureSwap(context: BenchContext, twins: number): Promise<Swapped> {
  const dir = await tempDir(context);
  const { ripe, brokerPort, plugins, loopFile, data } = await garden(context, dir, twins);
  const flow = await ReadingFlow.open(context, { brokerPort, sensors: twins, perSecond: PER_SECOND, keyOf });
  await flow.untilAllHeard(WITHIN_MS);
  context.progress(`${JOBS} jobs begin`);
  const { ripe: client, url } = ripe;
  const jobs = await RunningJobs.begin({ ripe: client, url, count: JOBS, agentName: 'SwapAgent', keyOf });
  flow.start();
  context.progress(`${twins} twins: readings flow`);
  await pause(WARM_UP_MS);
  flow.forget();
  const measure = async (during: () => Promise<void>): Promise<Phase> => {
    process.kill(ripe.pid, 'SIGWINCH');
    await during();
    await pause(LOOP_FILE_MS);
    return { answered: flow.take(), blockedMs: Number(await readFile(loopFile, 'utf8')) };
  };
  const calm = await measure(() => pause(PHASE_MS));
  context.progress('the plugin is replaced');
  const swapped = await measure(async () => {
    await drop(plugins, 1);
    await pause(PHASE_MS);
  });
  const late = await untilNew(flow);
  flow.stop();
  const changedJobs = await jobs.changed();
  const endedByFormer = await jobs.endedByAnother(versionOf(1));
  await pause(DRAIN_MS);
  const { overtaken, published } = { overtaken: flow.open, published: flow.sent };
  await ripe.stop();
  const lost = published - storedReadings(data);
  const answered = [...swapped.answered, ...late];
  const counts = { published, lost, overtaken, changedJobs, endedByFormer };
  return { twins, calm, swapped: { ...swapped, answered }, counts };
}

/** RIPE at a broker of its own, with that many twins whose agent is the plugin. */
async function garden(context: BenchContext, dir: string, twins: number) {
  const [template, data, plugins] = ['template', 'data', 'plugins'].map((name) => path.join(dir, name));
  if (template === undefined || data === undefined || plugins === undefined) throw new Error('three folders');
  for (const folder of [template, data]) await mkdir(folder);
  await drop(plugins, 0);
  const env = { RIPE_PLUGINS_DIR: plugins };
  context.progress(`filling a store with ${twins} sensors`);
  await fillStore(data, twins, await takeTemplate(context, template, [['01_Swap', 'SwapAgent']], env));
  const broker = new MosquittoProcess(null, ['persistence false', 'max_queued_messages 100000']);
  await broker.start();
  context.onEnd(() => broker.dispose());
  const loopFile = path.join(data, 'loop-delay');
  const ripe: RipeProcess = await startRipe(context, data, {
    ...env,
    RIPE_BROKERS: `mqtt://127.0.0.1:${broker.port}`,
    NODE_OPTIONS: `--import=${PRELOAD}`,
    BENCH_LOOP_FILE: loopFile,
  });
  return { ripe, brokerPort: broker.port, plugins, loopFile, data };
}

/** Once RIPE has stopped, all that it has taken is on disk. */
function storedReadings(dataDir: string): number {
  const database = new DatabaseSync(path.join(dataDir, 'ripe.db'), { readOnly: true });
  try {
    return Number(database.prepare('SELECT count(*) AS count FROM readings').get()?.['count']);
  } finally {
    database.close();
  }
}

const versionOf = (mark: 0 | 1): string => `1.0.${mark}`;

/** As editors do: written aside, and renamed into its place. */
async function drop(folder: string, mark: 0 | 1): Promise<void> {
  const decide = `
    if (event.type === 'forced') {
      const job = event.payload > 0 ? { steps: [{ set: 1 }, { wait: event.payload * 1000 }] } : 'cancel';
      return { state: { count: 0, runs: true }, job, because: { code: 'did' } };
    }
    if (event.type !== 'reading' || view.state.runs) return { because: { code: 'did' } };
    const moisture = Math.round(event.reading.moisture ?? 0) % 101;
    return { hold: 2 * moisture + ${mark}, because: { code: 'did' } };`;
  await writePlugins(folder, { '.swap.tmp': asModule(agentSource('SwapAgent', decide, versionOf(mark))) });
  await rename(path.join(folder, '.swap.tmp'), path.join(folder, 'swap.mjs'));
}

/** Readings flow on until the new version decides; on a slow machine that takes longer than a phase. */
async function untilNew(flow: ReadingFlow): Promise<AnsweredReading[]> {
  const until = performance.now() + WITHIN_MS;
  const late: AnsweredReading[] = [];
  do {
    await pause(LOOP_FILE_MS);
    late.push(...flow.take());
    if (late.at(-1)?.mark === 1) return late;
  } while (performance.now() < until);
  throw new Error('the new version has not decided anything');
}

const delaysOf = ({ answered }: Phase): number[] => answered.map(({ delayMs }) => delayMs);
const p99Of = (phase: Phase): number => percentile(delaysOf(phase), 99);

function rowsOf({ twins, calm, swapped, counts }: Swapped): BenchRow[] {
  const usualMs = p99Of(calm);
  const delayed = delaysOf(swapped).filter((delayMs) => delayMs > 2 * usualMs).length;
  const of = (phase: string, delays: readonly number[], blockedMs: number): BenchRow[] => [
    { name: `${phase}: reading to command, p50`, value: percentile(delays, 50), unit: 'ms' },
    { name: `${phase}: reading to command, p99`, value: percentile(delays, 99), unit: 'ms' },
    { name: `${phase}: reading to command, max`, value: percentile(delays, 100), unit: 'ms' },
    { name: `${phase}: event loop blocked for at most`, value: blockedMs, unit: 'ms' },
  ];
  const rows = [
    { name: 'readings sent', value: counts.published, unit: 'readings' },
    { name: 'readings lost', value: counts.lost, unit: 'readings' },
    { name: 'commands overtaken by a later one', value: counts.overtaken, unit: 'readings' },
    { name: 'running jobs', value: JOBS, unit: 'jobs' },
    { name: 'running jobs that the swap has changed', value: counts.changedJobs, unit: 'jobs' },
    { name: 'running jobs not ended by the new version', value: counts.endedByFormer, unit: 'jobs' },
    ...of('baseline', delaysOf(calm), calm.blockedMs),
    ...of('swap', delaysOf(swapped), swapped.blockedMs),
    { name: 'swap: readings later than twice the p99 before', value: delayed, unit: 'readings' },
    ratioRow('swap / baseline: reading to command, p99', p99Of(swapped), usualMs),
    ratioRow('swap / baseline: event loop blocked', swapped.blockedMs, Math.max(calm.blockedMs, 1)),
  ];
  return rows.map((row) => ({ ...row, name: `${twins} twins: ${row.name}` }));
}
