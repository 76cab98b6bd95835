import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import type { BenchCase, BenchContext, BenchResult } from '../harness/bench-case.ts';
import { slope } from '../harness/statistics.ts';
import type { MemorySample } from '../support/swap-probe.ts';
import { tempDir } from '../support/temp-dir.ts';

const SWAPS = Number(process.env['BENCH_SWAPS'] ?? 1_000);
const PROBE = path.join(import.meta.dirname, '../support/swap-probe.ts');
const MIB = 1024 * 1024;

export const swapMemory: BenchCase = {
  name: 'swap-memory',
  title: `${SWAPS} versions of a 50 kB plugin, one after the other`,
  run,
};

async function run(context: BenchContext): Promise<BenchResult> {
  context.progress(`${SWAPS} swaps`);
  const samples = await probe(await tempDir(context));
  const curve = samples.flatMap(({ swaps, residentMib, heapMib }) => [
    { name: `after ${swaps} swaps: resident`, value: residentMib, unit: 'MiB' },
    { name: `after ${swaps} swaps: heap`, value: heapMib, unit: 'MiB' },
  ]);
  // The first versions fill what is kept of each plugin.
  const steady = samples.slice(Math.floor(samples.length / 5));
  const growth = (of: (sample: MemorySample) => number) =>
    slope(steady.map((sample) => [sample.swaps, of(sample) * MIB]));
  return {
    rows: [
      ...curve,
      { name: 'growth per swap: resident', value: growth((sample) => sample.residentMib), unit: 'B' },
      { name: 'growth per swap: heap', value: growth((sample) => sample.heapMib), unit: 'B' },
      {
        name: 'process of the trials, at most',
        value: Math.max(...samples.map(({ trialsMib }) => trialsMib)),
        unit: 'MiB',
      },
    ],
  };
}

async function probe(folder: string): Promise<MemorySample[]> {
  const args = ['--expose-gc', PROBE, folder, String(SWAPS)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 16 * 1024 * 1024 });
  return JSON.parse(stdout) as MemorySample[];
}
