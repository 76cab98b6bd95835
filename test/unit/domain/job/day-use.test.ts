import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { DayUse, onTimeOf, useOf } from '../../../../src/domain/job/day-use.ts';
import { DAY_MS } from '../../../../src/domain/job/limits.ts';
import { cutOnTime, durationOf } from '../../../../src/domain/job/plan.ts';

const soak = {
  steps: [{ set: 1 }, { wait: 100 }, { set: 0 }, { wait: 500 }, { set: 2 }, { wait: 100 }, { set: 0 }],
};

describe('The use of a day', () => {
  it('counts what is on, until now where it still is', () => {
    const use = new DayUse();
    use.note(true, 1_000);
    use.note(true, 1_500);
    assert.equal(use.usedMs(3_000), 2_000);
    use.note(false, 4_000);
    use.note(false, 5_000);
    assert.equal(use.usedMs(9_000), 3_000);
    assert.equal(use.lastOnAt(9_000), 4_000);
  });

  it('slides: what is older than 24 h counts no more, to the millisecond', () => {
    const use = new DayUse();
    use.note(true, 0);
    use.note(false, 1_000);
    assert.equal(use.usedMs(DAY_MS), 1_000);
    assert.equal(use.usedMs(DAY_MS + 400), 600);
    assert.equal(use.usedMs(DAY_MS + 1_000), 0);
  });

  it('counts a run that is longer than a day as a day', () => {
    const use = new DayUse();
    use.note(true, 0);
    assert.equal(use.usedMs(3 * DAY_MS), DAY_MS);
  });

  it('takes a clock that was set back as nothing', () => {
    const use = new DayUse();
    use.note(true, 5_000);
    use.note(false, 1_000);
    assert.equal(use.usedMs(6_000), 0);
  });

  it('never counts less than there was, however often it is switched', () => {
    const switches = fc.array(
      fc.tuple(fc.integer({ min: 1, max: 60_000 }), fc.integer({ min: 1, max: 60_000 })),
      {
        maxLength: 600,
        size: 'max',
      },
    );
    fc.assert(
      fc.property(switches, (all) => {
        const use = new DayUse();
        let now = 0;
        let sum = 0;
        for (const [on, off] of all) {
          use.note(true, now);
          use.note(false, now + on);
          now += on + off;
          sum += on;
        }
        if (now < DAY_MS) assert.equal(use.usedMs(now), sum);
      }),
      { numRuns: 30 },
    );
  });
});

describe('The use of a job', () => {
  it('is the time that its plan has it on, without the soak', () => {
    assert.equal(onTimeOf(soak, 0), 200);
    assert.equal(onTimeOf(soak, 0, 150), 100);
    assert.equal(onTimeOf(soak, 0, 650), 150);
  });

  it('counts neither the wait for a supply nor what never began', () => {
    const job = { plan: soak, neutral: 0, startedAt: 1_000, delayedMs: 300, waitsSince: null };
    assert.equal(useOf(job, 1_350)?.onMs, 50);
    assert.equal(useOf({ ...job, waitsSince: 1_320 }, 9_000)?.onMs, 20);
    assert.equal(useOf({ ...job, startedAt: null }, 9_000), null);
  });

  it('can be cut in the middle of a phase', () => {
    for (const most of [0, 50, 100, 150, 200, 1_000]) {
      const cut = cutOnTime(soak, most, 0);
      assert.equal(onTimeOf(cut, 0), Math.min(most, 200), String(most));
      assert.deepEqual(cut.steps.at(-1), { set: 0 });
    }
    assert.equal(cutOnTime(soak, 200, 0), soak);
    assert.equal(durationOf(cutOnTime(soak, 150, 0)), 650);
  });
});
