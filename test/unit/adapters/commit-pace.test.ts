import assert from 'node:assert/strict';
import { CommitPace } from '../../../src/adapters/store/commit-pace.ts';

describe('the pace of commits', () => {
  /** Commits one after the other for a second; answers what share of it they have taken, and how long one waited. */
  function run(tookMs: number, thinkMs: number): { share: number; longestWaitMs: number } {
    const pace = new CommitPace();
    let [now, spent, longestWaitMs] = [0, 0, 0];
    while (now < 1_000) {
      const wait = pace.waitMs(now);
      longestWaitMs = Math.max(longestWaitMs, wait);
      now += wait + tookMs;
      spent += tookMs;
      pace.took(tookMs, now);
      now += thinkMs;
    }
    return { share: spent / now, longestWaitMs };
  }

  it('leaves half of the time to everything else where commits never end', () => {
    const { share } = run(10, 0);
    assert.ok(share > 0.45 && share < 0.6, `${share}`);
  });

  it('keeps nobody waiting for longer than a commit takes', () => {
    assert.ok(run(10, 0).longestWaitMs <= 10.001);
  });

  it('keeps nobody waiting while commits take less than half of the time', () => {
    assert.equal(run(10, 11).longestWaitMs, 0);
  });

  it('lets a few pass that follow one another', () => {
    const pace = new CommitPace();
    for (let now = 10; now <= 50; now += 10) {
      assert.equal(pace.waitMs(now - 10), 0);
      pace.took(10, now);
    }
  });
});
