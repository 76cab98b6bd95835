import assert from 'node:assert/strict';
import { DeadlineWatch } from '../../../scripts/chaos/support/deadline-watch.ts';
import { Random } from '../../../scripts/chaos/support/random.ts';
import { Register } from '../../../scripts/chaos/support/register.ts';
import { covered, Spans } from '../../../scripts/chaos/support/spans.ts';

describe('spans of time', () => {
  it('cover a stretch once, however they overlap', () => {
    const spans = [
      { from: 0, until: 10 },
      { from: 5, until: 20 },
      { from: 30, until: null },
    ];
    assert.equal(covered(spans, 0, 40), 30);
    assert.equal(covered(spans, 8, 12), 4);
    assert.equal(covered(spans, 20, 30), 0);
    assert.equal(covered([], 0, 40), 0);
  });

  it('are opened once and closed once', () => {
    const spans = new Spans();
    spans.close(1);
    spans.open(2);
    spans.open(3);
    assert.ok(spans.isOpen);
    spans.close(4);
    spans.close(5);
    spans.open(6);
    assert.deepEqual(spans.list, [
      { from: 2, until: 4 },
      { from: 6, until: null },
    ]);
  });
});

describe('the watch over an actuator', () => {
  it('finds nothing wrong with a run that ends in time', () => {
    const watch = new DeadlineWatch();
    watch.mayRunUntil(100, 0);
    watch.hears(true, 1);
    watch.hears(false, 99);
    assert.equal(watch.longestOverrunMs([], 500), 0);
  });

  it('measures how long it is on past its deadline, also while it still is', () => {
    const watch = new DeadlineWatch();
    watch.mayRunUntil(100, 0);
    watch.hears(true, 1);
    assert.equal(watch.longestOverrunMs([], 150), 50);
    watch.hears(false, 170);
    assert.equal(watch.longestOverrunMs([], 500), 70);
  });

  it('excuses the time in which nobody could tell it', () => {
    const watch = new DeadlineWatch();
    watch.mayRunUntil(100, 0);
    watch.hears(true, 1);
    watch.hears(false, 170);
    assert.equal(watch.longestOverrunMs([{ from: 90, until: 150 }], 500), 20);
  });

  it('is not appeased by a later run', () => {
    const watch = new DeadlineWatch();
    watch.mayRunUntil(100, 0);
    watch.hears(true, 1);
    watch.mayRunUntil(400, 300);
    watch.hears(false, 350);
    assert.equal(watch.longestOverrunMs([], 500), 200);
  });

  it('notices what nobody asked for, such as an old vector that is told again', () => {
    const watch = new DeadlineWatch();
    watch.mayRunUntil(100, 0);
    watch.hears(true, 300);
    watch.hears(false, 310);
    assert.equal(watch.longestOverrunMs([], 500), 10);
  });

  it('lets a run be that may have been carried out, and ends what was told to end', () => {
    const watch = new DeadlineWatch();
    watch.mightRunUntil(100, 0);
    watch.hears(true, 1);
    watch.mayRunUntil(50, 50);
    watch.hears(false, 60);
    assert.equal(watch.longestOverrunMs([], 500), 10);
  });
});

describe('the register of a value', () => {
  it('wants what was acknowledged last', () => {
    const value = new Register<number>('the fan', 1);
    value.wasAcknowledged(2);
    assert.match(value.check(1) ?? '', /^the fan is 1, acknowledged was 2$/);
    assert.equal(value.check(1), null);
  });

  it('also takes what was sent later and never answered', () => {
    const value = new Register<number>('the fan', 1);
    value.wasNotAnswered(2);
    value.wasNotAnswered(3);
    assert.equal(value.check(2), null);
    assert.notEqual(value.check(3), null);
  });

  it('takes anything when it is to forget', () => {
    const value = new Register<number>('the fan', 1);
    value.forget();
    assert.equal(value.check(9), null);
    assert.notEqual(value.check(1), null);
  });
});

describe('random moments', () => {
  it('are the same for the same seed, and others for another', () => {
    const draw = (seed: number) => {
      const random = new Random(seed);
      return Array.from({ length: 20 }, () => random.between(0, 1_000));
    };
    assert.deepEqual(draw(7), draw(7));
    assert.notDeepEqual(draw(7), draw(8));
    assert.ok(draw(7).every((moment) => moment >= 0 && moment <= 1_000));
    assert.ok(new Set(draw(7)).size > 10);
  });
});
