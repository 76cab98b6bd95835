import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { ensureDist } from '../support/dist.ts';
import { runs } from '../support/runs.ts';
import type { SwapSample } from '../support/swap-probe.ts';

/** In `npm test`; `npm run test:long` makes ten times as many. */
const SWAPS = runs(100);
const PROBE = path.join(import.meta.dirname, '../support/swap-probe.ts');
/** Whoever kept each swapped version would keep at least its source: 50 kB, in memory and on disk. */
const MOST_GROWTH_MIB = 60;

describe('A plugin that is swapped again and again', () => {
  let folder = '';
  before(async () => {
    ensureDist();
    folder = await mkdtemp(path.join(tmpdir(), 'ripe-swaps-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('leaves no process, no open file, no staged copy and no memory behind', async function () {
    this.timeout(60_000 + SWAPS * 3_000);
    const args = ['--expose-gc', PROBE, folder, String(SWAPS)];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    const samples = JSON.parse(stdout) as SwapSample[];
    const [, first] = samples;
    const last = samples.at(-1);
    assert.ok(first !== undefined && last?.swaps === SWAPS);
    for (const { swaps, processes } of samples) {
      // The one in service, and perhaps one that is just ending.
      assert.ok(processes === 1 || processes === 2, `${processes} processes after ${swaps} swaps`);
    }
    const opened = last.openFiles - first.openFiles;
    assert.ok(opened < SWAPS / 4, `${SWAPS} swaps left ${opened} files open`);
    const growth = last.residentMib - first.residentMib;
    assert.ok(growth < MOST_GROWTH_MIB, `${SWAPS} swaps grew the process by ${growth.toFixed(1)} MiB`);
    const copies = await readdir(path.join(folder, 'plugins.staged', encodeURIComponent('folder/swap.mjs')));
    assert.equal(copies.length, 4);
  });
});
