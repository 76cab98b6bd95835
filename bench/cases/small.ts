import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { MqttClient } from 'mqtt';
import type { Credentials } from '../../scripts/simulate/ripe-client.ts';
import { sensorTopic } from '../../src/domain/broker/topics.ts';
import type { BenchCase, BenchContext, BenchResult, BenchRow } from '../harness/bench-case.ts';
import { ratioRow } from '../harness/statistics.ts';
import { residentMib } from '../support/memory.ts';
import { untilCalm, writtenBytes } from '../support/process-use.ts';
import { type RipeProcess, startRipe } from '../support/ripe-process.ts';
import { connectSensor } from '../support/sensor-client.ts';
import { tempDir } from '../support/temp-dir.ts';

const SENSORS = 20;
const EVERY_MS = 60_000;
const FOR_MS = Number(process.env['BENCH_SMALL_MS'] ?? 180_000);
const CALM_WITHIN_MS = 30_000;
const AGENTS = [
  ['01_Water', 'ThresholdAgent'],
  ['02_Light', 'TimeAgent'],
] as const;

/** As docs/operations.md says it for a small machine. */
const SMALL = {
  RIPE_PROFILE: 'small',
  NODE_OPTIONS: '--max-old-space-size=192 --max-semi-space-size=4',
};

interface Sensor {
  readonly credentials: Credentials;
  readonly client: MqttClient;
}

export const small: BenchCase = {
  name: 'small',
  title: `memory, and bytes written per reading, with RIPE_PROFILE=small: ${SENSORS} sensors, a reading a minute each`,
  run,
};

async function run(context: BenchContext): Promise<BenchResult> {
  const dir = await tempDir(context);
  const usual = await garden(context, path.join(dir, 'usual'), {});
  const tight = await garden(context, path.join(dir, 'small'), SMALL);
  for (const { ripe } of [usual, tight]) await untilCalm(ripe.pid, CALM_WITHIN_MS);
  const before = await written(usual.ripe, tight.ripe);
  context.progress(`readings flow for ${FOR_MS / 1_000} s`);
  const turns = usual.sensors.flatMap((sensor, index) => [sensor, tight.sensors[index] ?? sensor]);
  const readings = await flow(turns);
  const after = await written(usual.ripe, tight.ripe);
  const bytes = after.map((each, index) => ((each - (before[index] ?? 0)) / readings) * 2);
  const memory = [await residentMib(usual.ripe.pid), await residentMib(tight.ripe.pid)];
  const [usualBytes = 0, smallBytes = 0] = bytes;
  const [usualMib = 0, smallMib = 0] = memory;
  return {
    rows: [
      ...rowsOf('usual', usualMib, usualBytes),
      ...rowsOf('small', smallMib, smallBytes),
      ratioRow('small / usual: resident memory', smallMib, usualMib),
      ratioRow('small / usual: written', smallBytes, usualBytes),
    ],
  };
}

const rowsOf = (name: string, mib: number, bytes: number): BenchRow[] => [
  { name: `${name}: resident memory`, value: mib, unit: 'MiB' },
  { name: `${name}: written to disk`, value: bytes, unit: 'B per reading' },
];

const written = (...gardens: RipeProcess[]) => Promise.all(gardens.map(({ pid }) => writtenBytes(pid)));

async function garden(context: BenchContext, dataDir: string, env: Readonly<Record<string, string>>) {
  await mkdir(dataDir);
  const running = await startRipe(context, dataDir, env);
  const { ripe } = running;
  const sensors: Sensor[] = [];
  for (let index = 0; index < SENSORS; index += 1) {
    const credentials = await ripe.registerSensor(`Bed ${index}`);
    for (const [domain, agentName] of AGENTS) await ripe.registerAgent(credentials, domain, agentName);
    sensors.push({ credentials, client: await connectSensor(context, ripe, credentials) });
  }
  return { ripe: running, sensors };
}

/** Each sensor in its turn, so that readings come evenly; answers how many there were. */
async function flow(sensors: readonly Sensor[]): Promise<number> {
  const count = Math.round((FOR_MS / EVERY_MS) * sensors.length);
  for (let sent = 0; sent < count; sent += 1) {
    const { credentials, client } = sensors[sent % sensors.length] as Sensor;
    const reading = JSON.stringify({ battery: 87, moisture: 40 + (sent % 20), temperature: 21.5 });
    await client.publishAsync(sensorTopic('data', credentials.id, credentials.key), reading, { qos: 1 });
    await pause(EVERY_MS / sensors.length);
  }
  return count;
}
