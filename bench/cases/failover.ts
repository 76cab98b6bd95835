import { spawn } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import mqtt from 'mqtt';
import { MosquittoProcess } from '../../test/support/mosquitto.ts';
import type { BenchCase, BenchContext, BenchResult, BenchRow } from '../harness/bench-case.ts';
import { growthRows, ratioRow } from '../harness/statistics.ts';
import { startRipe } from '../support/ripe-process.ts';
import { tempDir } from '../support/temp-dir.ts';
import { type AgentTemplate, fillStore, takeTemplate } from './filled-store.ts';

const SIZES = [1_000, 3_000, 10_000] as const;
const PRELOAD = path.resolve(import.meta.dirname, '../support/loop-delay.js');
const WITHIN_MS = 120_000;
/** Writes the history rows of the last vectors; the file of the event loop follows every 200 ms. */
const SETTLE_MS = 1_500;

interface Measured {
  readonly sensors: number;
  readonly restoredMs: number;
  readonly blockedMs: number;
  /** The same of a process that does nothing: what the machine itself adds. */
  readonly idleMs: number;
}

export const failover: BenchCase = {
  name: 'failover',
  title: `from kill -9 of the broker until every vector is at the next one, with ${SIZES.join(', ')} sensors`,
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
  const [small, large] = [measured.at(0), measured.at(-1)];
  if (small === undefined || large === undefined) throw new Error('two sizes are compared');
  const name = `failover ${large.sensors} / ${small.sensors} sensors`;
  const points = measured.map(({ sensors, restoredMs }) => [sensors, restoredMs] as const);
  return {
    rows: [
      ...measured.flatMap(rowsOf),
      ratioRow(name, large.restoredMs, small.restoredMs),
      ...growthRows('time until every vector is at the next broker', points),
    ],
    curves: [
      {
        id: 'failover',
        title: 'From kill -9 of the broker to full service at the next',
        x: 'sensors',
        unit: 'ms',
        lines: [{ name: 'RIPE', points }],
      },
    ],
  };
}

async function measure(
  context: BenchContext,
  dataDir: string,
  sensors: number,
  template: readonly AgentTemplate[],
): Promise<Measured> {
  context.progress(`filling a store with ${sensors} sensors`);
  await fillStore(dataDir, sensors, template);
  const [first, second] = [await startBroker(context), await startBroker(context)];
  // At a start the second is tried while a slow first one has not answered: RIPE must not find it before the first serves.
  await second.stop();
  const loopFile = path.join(dataDir, 'loop-delay');
  const idleFile = path.join(dataDir, 'idle-loop-delay');
  const ripe = await startRipe(context, dataDir, {
    RIPE_BROKERS: [first, second].map(({ port }) => `mqtt://127.0.0.1:${port}`).join(),
    ...watched(loopFile),
  });
  const idlePid = startIdle(context, idleFile);
  await (await vectorsAt(context, first, sensors)).all;
  await second.start();
  const { all, count } = await vectorsAt(context, second, sensors);
  await pause(SETTLE_MS);
  if (count() > 0) throw new Error('RIPE was at the second broker before the first one was killed');
  for (const pid of [ripe.pid, idlePid]) process.kill(pid, 'SIGWINCH');
  context.progress(`${sensors} sensors, the broker is killed`);
  const killedAt = performance.now();
  await first.kill();
  await all;
  const restoredMs = performance.now() - killedAt;
  await pause(SETTLE_MS);
  const [blockedMs = 0, idleMs = 0] = await Promise.all(
    [loopFile, idleFile].map(async (file) => Number(await readFile(file, 'utf8'))),
  );
  await ripe.stop();
  return { sensors, restoredMs, blockedMs, idleMs };
}

const watched = (file: string) => ({ NODE_OPTIONS: `--import=${PRELOAD}`, BENCH_LOOP_FILE: file });

function startIdle({ onEnd }: BenchContext, file: string): number {
  const idle = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 60_000)'], {
    env: { ...process.env, ...watched(file) },
    stdio: 'ignore',
  });
  onEnd(() => {
    idle.kill();
  });
  if (idle.pid === undefined) throw new Error('the idle process has not started');
  return idle.pid;
}

async function startBroker({ onEnd }: BenchContext): Promise<MosquittoProcess> {
  const mosquitto = new MosquittoProcess(null, ['persistence false', 'max_queued_messages 100000']);
  await mosquitto.start();
  onEnd(() => mosquitto.dispose());
  return mosquitto;
}

/** `all` resolves when the vectors of so many sensors have come to this broker. */
async function vectorsAt(
  { onEnd }: BenchContext,
  { port }: MosquittoProcess,
  sensors: number,
): Promise<{ all: Promise<void>; count: () => number }> {
  const client = await mqtt.connectAsync({ host: '127.0.0.1', port, protocol: 'mqtt', reconnectPeriod: 0 });
  onEnd(() => client.endAsync(true));
  client.on('error', () => {});
  const topics = new Set<string>();
  const all = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`only ${topics.size} vectors came`)), WITHIN_MS);
    client.on('message', (topic) => {
      topics.add(topic);
      if (topics.size < sensors) return;
      clearTimeout(timer);
      resolve();
    });
  });
  await client.subscribeAsync('sensor/cmd/+/+', { qos: 0 });
  return { all, count: () => topics.size };
}

function rowsOf({ sensors, restoredMs, blockedMs, idleMs }: Measured): BenchRow[] {
  return [
    { name: `every vector at the next broker, ${sensors} sensors`, value: restoredMs, unit: 'ms' },
    { name: `event loop blocked for at most, ${sensors} sensors`, value: blockedMs, unit: 'ms' },
    { name: 'that of an idle process meanwhile', value: idleMs, unit: 'ms' },
  ];
}

async function subDir(dir: string, name: string): Promise<string> {
  const made = path.join(dir, name);
  await mkdir(made);
  return made;
}
