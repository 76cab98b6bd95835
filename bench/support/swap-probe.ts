// A process of its own, with a heap that nobody else fills: `node --expose-gc swap-probe.ts <folder> <swaps>`.
// It prints its figures as one line of JSON.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AgentRegistry } from '../../src/adapters/agents/agent-registry.ts';
import { PluginDesk } from '../../src/adapters/agents/plugin-desk.ts';
import { systemClock } from '../../src/adapters/clock/system-clock.ts';
import { DropInFolder } from '../../src/adapters/plugin-files/drop-in-folder.ts';
import { FilePlugins } from '../../src/adapters/plugin-files/file-plugins.ts';
import { agentSource, asModule } from '../../test/support/plugin-files.ts';
import { residentMib } from './memory.ts';

export interface MemorySample {
  readonly swaps: number;
  readonly residentMib: number;
  readonly heapMib: number;
  /** The process in which plugins are tried. */
  readonly trialsMib: number;
}

const [root = '.', asked = '1000'] = process.argv.slice(2);
const swaps = Number(asked);
const SAMPLES = 10;
const PLUGIN_BYTES = 50_000;
const MIB = 1024 * 1024;
/** Nobody types here, so nobody is waited for. */
const PACE = { idleMs: 1_000, unsettledMs: 5, settleMs: 10 };

const registry = new AgentRegistry();
const folder = path.join(root, 'plugins');
const files = new FilePlugins({
  desk: new PluginDesk(registry),
  registry,
  folder: path.join(root, 'plugins.staged'),
  clock: systemClock,
  pace: PACE,
  onError: (error) => {
    throw error;
  },
});

async function swap(n: number): Promise<void> {
  const version = `1.0.${n}`;
  const source = agentSource('SwapAgent', `return { hold: 1, because: { code: 'did' } };`, version);
  const padding = `// ${'x'.repeat(PLUGIN_BYTES - source.length)}\n`;
  await writeFile(path.join(folder, 'swap.mjs'), asModule(source) + padding);
  await files.look();
  const running = registry.get('SwapAgent')?.version;
  if (running !== version) throw new Error(`${running} runs instead of ${version}`);
}

async function sample(done: number): Promise<MemorySample> {
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  const trialsMib = Math.max(0, (await residentMib(process.pid)) - rss / MIB);
  return { swaps: done, residentMib: rss / MIB, heapMib: heapUsed / MIB, trialsMib };
}

// Whatever looks for plugins keeps no process alive.
const alive = setInterval(() => undefined, 1_000);
await mkdir(folder, { recursive: true });
await files.start([new DropInFolder(folder)]);
const samples: MemorySample[] = [];
for (let n = 0; n <= swaps; n++) {
  await swap(n);
  if (n % Math.max(1, Math.round(swaps / SAMPLES)) === 0) samples.push(await sample(n));
}
await files.stop();
registry.clear();
clearInterval(alive);
process.stdout.write(`${JSON.stringify(samples)}\n`);
