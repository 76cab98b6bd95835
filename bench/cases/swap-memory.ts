import path from 'node:path';
import type { SwapSample } from '../../test/support/swap-probe.ts';
import type { BenchCase, BenchContext, BenchResult } from '../harness/bench-case.ts';
import { slope } from '../harness/statistics.ts';
import { runProbe } from '../support/run-probe.ts';
import { tempDir } from '../support/temp-dir.ts';

const SWAPS = Number(process.env['BENCH_SWAPS'] ?? 1_000);
const PROBE = path.join(import.meta.dirname, '../../test/support/swap-probe.ts');
const MIB = 1024 * 1024;

export const swapMemory: BenchCase = {
  name: 'swap-memory',
  title: `${SWAPS} versions of a 50 kB plugin, one after the other`,
  run,
};

async function run(context: BenchContext): Promise<BenchResult> {
  context.progress(`${SWAPS} swaps`);
  const samples = await runProbe<SwapSample[]>(PROBE, [await tempDir(context), String(SWAPS)]);
  const curve = samples.flatMap(({ swaps, residentMib, heapMib }) => [
    { name: `after ${swaps} swaps: resident`, value: residentMib, unit: 'MiB' },
    { name: `after ${swaps} swaps: heap`, value: heapMib, unit: 'MiB' },
  ]);
  // The first versions fill what is kept of each plugin.
  const steady = samples.slice(Math.floor(samples.length / 5));
  const growth = (of: (sample: SwapSample) => number) =>
    slope(steady.map((sample) => [sample.swaps, of(sample) * MIB]));
  return {
    rows: [
      ...curve,
      { name: 'growth per swap: resident', value: growth((sample) => sample.residentMib), unit: 'B' },
      { name: 'growth per swap: heap', value: growth((sample) => sample.heapMib), unit: 'B' },
      {
        name: 'processes of the plugin, at most',
        value: Math.max(...samples.map(({ processesMib }) => processesMib)),
        unit: 'MiB',
      },
    ],
  };
}
