// A process of its own, with a heap that nobody else fills: `node --expose-gc swap-probe.ts <folder> <swaps>`. It runs the
// built code, since that is what a plugin's process starts with, and prints its figures as one line of JSON.
import { readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { built } from './built.ts';
import { agentSource, asModule } from './plugin-files.ts';
import { pluginProcesses } from './plugin-processes.ts';
import { memoryOf } from './process-memory.ts';

export interface SwapSample {
  readonly swaps: number;
  readonly residentMib: number;
  readonly heapMib: number;
  /** Where the system tells; a leaked watcher or pipe would be one more each time. */
  readonly openFiles: number;
  /** The processes with plugin code, and what they hold for themselves. */
  readonly processes: number;
  readonly processesMib: number;
}

const [root = '.', asked = '1000'] = process.argv.slice(2);
const swaps = Number(asked);
const SAMPLES = 10;
const PLUGIN_BYTES = 50_000;
const MIB = 1024 * 1024;
const ENDING_MS = 5_000;
/** Nobody types here, so nobody is waited for. */
const PACE = { idleMs: 1_000, unsettledMs: 5, settleMs: 10 };

const { AgentRegistry } = await built<typeof import('../../src/adapters/agents/agent-registry.ts')>(
  'src/adapters/agents/agent-registry.ts',
);
const { PluginDesk } = await built<typeof import('../../src/adapters/agents/plugin-desk.ts')>(
  'src/adapters/agents/plugin-desk.ts',
);
const { systemClock } = await built<typeof import('../../src/adapters/clock/system-clock.ts')>(
  'src/adapters/clock/system-clock.ts',
);
const { DropInFolder } = await built<typeof import('../../src/adapters/plugin-files/drop-in-folder.ts')>(
  'src/adapters/plugin-files/drop-in-folder.ts',
);
const { FilePlugins } = await built<typeof import('../../src/adapters/plugin-files/file-plugins.ts')>(
  'src/adapters/plugin-files/file-plugins.ts',
);

const registry = new AgentRegistry();
const folder = path.join(root, 'plugins');
const staging = path.join(root, 'plugins.staged');
const files = new FilePlugins({
  desk: new PluginDesk(registry),
  registry,
  folder: staging,
  clock: systemClock,
  pace: PACE,
  onError: (error) => {
    throw error;
  },
  onUnwritten: (error) => {
    throw error;
  },
});

async function swap(n: number): Promise<void> {
  const version = `1.0.${n}`;
  const source = agentSource('SwapAgent', `return { hold: ${n % 200}, because: { code: 'did' } };`, version);
  const padding = `// ${'x'.repeat(PLUGIN_BYTES - source.length)}\n`;
  await writeFile(path.join(folder, 'swap.mjs'), asModule(source) + padding);
  await files.look();
  const host = registry.get('SwapAgent');
  if (host?.version !== version) throw new Error(`${host?.version} runs instead of ${version}`);
  const settings = {};
  const state = await host.start(settings);
  const view = {
    state,
    settings,
    value: 0,
    reading: null,
    job: null,
    now: 0,
    timeZone: 'UTC',
    locale: 'en',
  } as const;
  const { hold } = await host.decide({ type: 'started', at: 0 }, view);
  if (hold !== n % 200) throw new Error(`${version} decides ${hold}`);
}

async function sample(done: number): Promise<SwapSample> {
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  const pids = await processesAtRest();
  const openFiles = process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0;
  const processesMib = pids.reduce((sum, pid) => sum + memoryOf(pid).ownMib, 0);
  return {
    swaps: done,
    residentMib: rss / MIB,
    heapMib: heapUsed / MIB,
    openFiles,
    processes: pids.length,
    processesMib,
  };
}

/** Once those that are just ending have ended: on a busy machine that takes a moment. */
async function processesAtRest(): Promise<number[]> {
  const end = Date.now() + ENDING_MS;
  let pids = await pluginProcesses(staging);
  while (pids.length > 1 && Date.now() < end) {
    await pause(50);
    pids = await pluginProcesses(staging);
  }
  return pids;
}

// Whatever looks for plugins keeps no process alive.
const alive = setInterval(() => undefined, 1_000);
await mkdir(folder, { recursive: true });
await files.start([new DropInFolder(folder)]);
const samples: SwapSample[] = [];
for (let n = 0; n <= swaps; n++) {
  await swap(n);
  if (n % Math.max(1, Math.round(swaps / SAMPLES)) === 0) samples.push(await sample(n));
}
await files.stop();
registry.clear();
clearInterval(alive);
process.stdout.write(`${JSON.stringify(samples)}\n`);
