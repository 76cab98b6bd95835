import path from 'node:path';
import type { BenchCase, BenchContext, BenchLine, BenchResult, BenchRow } from '../harness/bench-case.ts';
import { growthRows, percentile } from '../harness/statistics.ts';
import type { JobFigures } from '../support/jobs-probe.ts';
import { runProbe } from '../support/run-probe.ts';
import { tempDir } from '../support/temp-dir.ts';

const COUNTS = [1_000, 10_000, 100_000];
const PROBE = path.join(import.meta.dirname, '../support/jobs-probe.ts');

export const jobs: BenchCase = {
  name: 'jobs',
  title: 'many jobs pending at once: how late they are, and what one costs',
  run,
};

async function run(context: BenchContext): Promise<BenchResult> {
  const measured: [number, JobFigures][] = [];
  for (const count of COUNTS) {
    context.progress(`${count} jobs`);
    measured.push([count, await runProbe<JobFigures>(PROBE, [await tempDir(context), String(count)])]);
  }
  const line = (name: string, costOf: (figures: JobFigures) => number): BenchLine => ({
    name,
    points: measured.map(([count, figures]) => [count, count * costOf(figures)]),
  });
  const added = line('add', ({ addUs }) => addUs / 1_000);
  const cancelled = line('cancel', ({ cancelUs }) => cancelUs / 1_000);
  const memory = line('memory', ({ bytesPerJob }) => bytesPerJob / 1_024);
  return {
    rows: [
      ...measured.flatMap(([count, figures]) => rowsOf(count, figures)),
      ...growthRows('time to add all', added.points),
      ...growthRows('time to cancel all', cancelled.points),
      ...growthRows('memory of all', memory.points),
    ],
    curves: [
      {
        id: 'jobs-time',
        title: 'Jobs: all of them on disk',
        x: 'jobs',
        unit: 'ms',
        lines: [added, cancelled],
      },
      { id: 'jobs-memory', title: 'Jobs: memory of all', x: 'jobs', unit: 'KiB', lines: [memory] },
    ],
  };
}

function rowsOf(count: number, figures: JobFigures): BenchRow[] {
  const name = (what: string) => `${count.toLocaleString('en-US')} jobs: ${what}`;
  const late = percentile(figures.latenessMs, 99);
  const idle = percentile(figures.idleMs, 99);
  return [
    { name: name('lateness, p99'), value: late, unit: 'ms' },
    { name: name('baseline: lateness of an idle timer, p99'), value: idle, unit: 'ms' },
    { name: name('beyond the idle timer, p99'), value: Math.max(0, late - idle), unit: 'ms' },
    { name: name('memory of one'), value: figures.bytesPerJob, unit: 'B' },
    { name: name('to add one, on disk'), value: figures.addUs, unit: 'µs' },
    { name: name('to cancel one, on disk'), value: figures.cancelUs, unit: 'µs' },
  ];
}
