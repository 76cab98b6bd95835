import assert from 'node:assert/strict';
import { runFor } from '../../../../../src/domain/job/plan.ts';
import { CurrentJob } from '../../../../../src/domain/runtime/lanes/current-job.ts';

const MINUTE = 60_000;

describe('CurrentJob', () => {
  it('ends earlier by what its plan is shortened by', () => {
    const job = new CurrentJob({ id: 'a', plan: runFor(10 * MINUTE, 1, 0) });
    const short = runFor(4 * MINUTE, 1, 0);
    // It has waited a minute for its supply.
    assert.equal(job.shorten(short, 11 * MINUTE), 5 * MINUTE);
    assert.equal(job.plan, short);
  });

  it('passes over what tells of its former end until the runner says the new one', () => {
    const job = new CurrentJob({ id: 'a', plan: runFor(10 * MINUTE, 1, 0) });
    job.awaits(5 * MINUTE);
    assert.deepEqual([job.hears(10 * MINUTE), job.isUnheard], [false, true]);
    // The runner counts by its own clock.
    assert.deepEqual([job.hears(5 * MINUTE + 400), job.isUnheard], [true, false]);
    assert.equal(job.hears(7 * MINUTE), true);
  });
});
