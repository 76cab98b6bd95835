import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, it } from 'mocha';

const PROBE = path.resolve(import.meta.dirname, '../../../support/idle-probe.ts');
const SENSORS = 5_000;
/** Half as much again as it takes; with a crew of objects for each agent it was 4 KB. */
const MOST_BYTES = 3_000;

describe('A garden in which nothing happens', () => {
  it('takes little memory for each sensor', async function () {
    this.timeout(60_000);
    const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', PROBE, String(SENSORS)]);
    const bytes = Number(stdout);
    assert.ok(bytes > 0 && bytes < MOST_BYTES, `${bytes} bytes for each sensor with two agents`);
  });
});
