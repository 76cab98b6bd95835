import path from 'node:path';
import type { BenchCase, BenchContext, BenchResult, BenchRow } from '../harness/bench-case.ts';
import { percentile, ratioRow } from '../harness/statistics.ts';
import type { HostFigures } from '../support/host-probe.ts';
import { runProbe } from '../support/run-probe.ts';
import { tempDir } from '../support/temp-dir.ts';

const PLUGINS = 10;
const PROBE = path.join(import.meta.dirname, '../support/host-probe.ts');

export const hosts: BenchCase = {
  name: 'hosts',
  title: 'a plugin in a process of its own, and in a thread: memory, start and answers',
  run,
};

async function run(context: BenchContext): Promise<BenchResult> {
  const measure = async (host: 'process' | 'thread') => {
    context.progress(`${PLUGINS} plugins, each in a ${host}`);
    return runProbe<HostFigures>(PROBE, [await tempDir(context), host, String(PLUGINS)]);
  };
  const thread = await measure('thread');
  const process = await measure('process');
  const ratio = (name: string, of: (figures: HostFigures) => number) =>
    ratioRow(`process / thread: ${name}`, of(process), of(thread));
  const usual = ({ roundTripUs }: HostFigures) => percentile(roundTripUs, 50);
  return {
    rows: [
      ...rowsOf('thread', thread),
      ...rowsOf('process', process),
      ratio('memory', ({ shareMib }) => shareMib),
      ratio('start', ({ startMs }) => startMs),
      ratio('an answer, p50', usual),
      ratio('an answer while 100 wait', ({ pipelinedUs }) => pipelinedUs),
    ],
  };
}

function rowsOf(host: string, { shareMib, startMs, roundTripUs, pipelinedUs }: HostFigures): BenchRow[] {
  return [
    { name: `${host}: memory of one (PSS)`, value: shareMib, unit: 'MiB' },
    { name: `${host}: start of one`, value: startMs, unit: 'ms' },
    { name: `${host}: an answer, p50`, value: percentile(roundTripUs, 50), unit: 'µs' },
    { name: `${host}: an answer, p99`, value: percentile(roundTripUs, 99), unit: 'µs' },
    { name: `${host}: an answer while 100 wait`, value: pipelinedUs, unit: 'µs' },
  ];
}
