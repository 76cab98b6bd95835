import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Worker } from 'node:worker_threads';
import { usePluginSite } from '../../support/file-plugins.ts';
import { runs } from '../../support/runs.ts';
import { until } from '../../support/until.ts';
import { esm, forced, view } from './agents-support.ts';

/** 25 swaps in `npm test`, 1,000 in `npm run test:long`. */
const SWAPS = runs(1) > 1 ? 1_000 : 25;
const WARM_UP = 5;
/** Whoever kept one swapped version would keep at least its source and its worker's heap. */
const PLUGIN_BYTES = 50_000;
const MOST_GROWTH_MIB = 100;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

describe('A plugin that is swapped again and again', () => {
  const site = usePluginSite();
  const workers = new Set<Worker>();
  const born = (worker: Worker) => {
    workers.add(worker);
    worker.once('exit', () => workers.delete(worker));
  };
  before(() => process.on('worker', born));
  after(() => process.off('worker', born));

  /** Of 50 kB; each holds on to something while it lives. */
  function version(n: number): string {
    const before = `const soil = new Array(10_000).fill('v${n}');\n// ${'x'.repeat(PLUGIN_BYTES)}\n`;
    return esm({ version: `"1.0.${n}"`, start: '() => ({ soil: soil.length })' }, before);
  }

  async function swap(n: number): Promise<void> {
    await site().write('fern.mjs', version(n));
    await site().files.look();
    const host = site().registry.get('FernAgent');
    assert.equal(host?.version, `1.0.${n}`);
    assert.equal((await host?.decide(forced(n % 200), view()))?.hold, n % 200);
  }

  /** When only the version in service is left, and nothing of the last swap. */
  async function leftOver() {
    await until(() => workers.size === 1, 10_000);
    collectGarbage();
    return { files: openFiles(), memoryMib: process.memoryUsage().rss / 2 ** 20 };
  }

  it('leaves no worker, no open file, no staged copy and no memory behind', async () => {
    await site().start();
    for (let n = 0; n < WARM_UP; n++) await swap(n);
    const before = await leftOver();
    for (let n = WARM_UP; n < WARM_UP + SWAPS; n++) await swap(n);
    const after = await leftOver();
    const opened = after.files - before.files;
    assert.ok(opened < SWAPS / 2, `${SWAPS} swaps left ${opened} files open`);
    assert.equal((await site().stagedCopies('fern.mjs')).length, 4);
    const growth = after.memoryMib - before.memoryMib;
    assert.ok(growth < MOST_GROWTH_MIB, `${SWAPS} swaps grew the process by ${growth.toFixed(1)} MiB`);
    assert.ok(!site().events.some(({ kind }) => kind === 'failed'));
  }).timeout(60_000 + SWAPS * 3_000);
});

/** Where the system tells; a leaked watcher or copy would be one more each time. */
function openFiles(): number {
  return process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0;
}
