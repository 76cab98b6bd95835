// A process of its own: `node --expose-gc host-probe.ts <folder> <process|thread> <plugins>`. It runs the built code, and
// prints its figures as one line of JSON.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { built } from '../../test/support/built.ts';
import { agentSource, asModule } from '../../test/support/plugin-files.ts';
import { pluginProcesses } from '../../test/support/plugin-processes.ts';
import { memoryOf } from '../../test/support/process-memory.ts';

/** Of one plugin. */
export interface HostFigures {
  readonly shareMib: number;
  readonly startMs: number;
  /** One call after the other. */
  readonly roundTripUs: readonly number[];
  /** Of one call, while so many wait. */
  readonly pipelinedUs: number;
}

const [folder = '.', asked = 'process', count = '10'] = process.argv.slice(2);
const pluginHost = asked === 'thread' ? 'thread' : 'process';
const plugins = Number(count);
const CALLS = 2_000;
const IN_FLIGHT = 100;
const SETTLE_MS = 1_000;

const { createWorkerHost } = await built<typeof import('../../src/adapters/agents/worker/worker-host.ts')>(
  'src/adapters/agents/worker/worker-host.ts',
);

/** This process and all that it has started for its plugins. */
async function shareMib(): Promise<number> {
  globalThis.gc?.();
  await pause(SETTLE_MS);
  const pids = [process.pid, ...(await pluginProcesses(folder))];
  return pids.reduce((sum, pid) => sum + memoryOf(pid).shareMib, 0);
}

async function start(n: number) {
  const file = path.join(folder, `${n}.mjs`);
  const decide = `return { hold: Math.round(event.reading.moisture), state: { count: view.state.count + 1 }, because: { code: 'did' } };`;
  await writeFile(file, asModule(agentSource(`Agent${n}`, decide)));
  return createWorkerHost({ file, folder }, 'folder', { pluginHost, loadMs: 60_000, deadlineMs: 10_000 });
}

type Host = Awaited<ReturnType<typeof start>>;

const reading = {
  timestamp: 0,
  battery: 80,
  moisture: 40,
  temperature: 21.5,
  humidity: 55,
  carbon: 600,
  conductivity: 900,
  light: 12_000,
};
const view = {
  state: { count: 0 },
  settings: { active: true },
  value: 0,
  reading,
  job: null,
  now: 0,
  timeZone: 'UTC',
  locale: 'en',
} as const;
const ask = (host: Host) => host.decide({ type: 'reading', at: 0, reading }, view);

async function roundTrips(host: Host): Promise<number[]> {
  const trips: number[] = [];
  for (let n = 0; n < CALLS; n++) {
    const askedAt = performance.now();
    await ask(host);
    trips.push((performance.now() - askedAt) * 1_000);
  }
  return trips;
}

async function pipelined(host: Host): Promise<number> {
  const startedAt = performance.now();
  let left = CALLS;
  const client = async () => {
    while (left-- > 0) await ask(host);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, client));
  return ((performance.now() - startedAt) * 1_000) / CALLS;
}

// Plugins keep no process alive.
const alive = setInterval(() => undefined, 1_000);
await mkdir(folder, { recursive: true });
// What all of them need is loaded by the first.
const first = await start(0);
const before = await shareMib();
const startedAt = performance.now();
const hosts: Host[] = [];
for (let n = 1; n <= plugins; n++) hosts.push(await start(n));
const startMs = (performance.now() - startedAt) / plugins;
const after = await shareMib();
// The compiler is warm for both ways.
await roundTrips(first);
const figures: HostFigures = {
  shareMib: (after - before) / plugins,
  startMs,
  roundTripUs: await roundTrips(first),
  pipelinedUs: await pipelined(first),
};
for (const host of [first, ...hosts]) host.stop();
clearInterval(alive);
process.stdout.write(`${JSON.stringify(figures)}\n`);
