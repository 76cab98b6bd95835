import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, it } from 'mocha';
import { createSteadyClock, systemClock } from '../../../../src/adapters/clock/system-clock.ts';
import { createTimetables } from '../../../../src/adapters/clock/timetable.ts';
import { within } from '../../../../src/adapters/clock/within.ts';
import type { Timetable } from '../../../../src/domain/time/clock.ts';

/** A timetable on the real clock, and what it has called back for. */
function opened(now: () => number = Date.now) {
  const happened: string[] = [];
  const table: Timetable<string> = createTimetables({ now })((key: string) => {
    happened.push(key);
  });
  return { table, happened };
}

const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

async function until(isSo: () => boolean): Promise<void> {
  for (let n = 0; n < 400 && !isSo(); n++) await sleep(5);
  assert.ok(isSo());
}

describe('A timetable', () => {
  it('calls back in order of time, and at once for what is over', async () => {
    const { table, happened } = opened();
    const now = Date.now();
    table.set('late', now + 30);
    table.set('soon', now + 10);
    table.set('over', now - 1000);
    assert.deepEqual(happened, []);
    await until(() => happened.length === 3);
    assert.deepEqual(happened, ['over', 'soon', 'late']);
  });

  it('moves an entry that is set again, to later and to earlier', async () => {
    const { table, happened } = opened();
    const now = Date.now();
    table.set('a', now + 5);
    table.set('b', now + 60_000);
    table.set('a', now + 25);
    table.set('b', now + 15);
    await until(() => happened.length === 2);
    assert.deepEqual(happened, ['b', 'a']);
  });

  it('forgets what is deleted', async () => {
    const { table, happened } = opened();
    table.set('a', Date.now() + 5);
    table.set('b', Date.now() + 15);
    table.delete('a');
    table.delete('none');
    await until(() => happened.length === 1);
    assert.deepEqual(happened, ['b']);
  });

  it('takes new entries while it calls back', async () => {
    const seen: number[] = [];
    const table: Timetable<number> = createTimetables(systemClock)((key: number) => {
      seen.push(key);
      if (key < 3) table.set(key + 1, Date.now());
    });
    table.set(1, Date.now());
    await until(() => seen.length === 3);
  });

  it('calls nobody back before the time has come by its clock', async () => {
    let now = 0;
    const { table, happened } = opened(() => now);
    table.set('a', 20);
    await sleep(40);
    assert.deepEqual(happened, []);
    now = 20;
    await until(() => happened.length === 1);
  });

  it('has one timer for all entries, and none once it is stopped', () => {
    const before = timers();
    const { table, happened } = opened();
    for (let n = 0; n < 50; n++) table.set(`${n}`, Date.now() + 10_000 + n);
    assert.equal(timers(), before + 1);
    table.stop();
    assert.equal(timers(), before);
    assert.deepEqual(happened, []);
  });

  it('takes nothing more once it is stopped', async () => {
    const { table, happened } = opened();
    table.set('a', Date.now() + 10_000);
    table.stop();
    table.set('b', Date.now());
    await sleep(20);
    assert.deepEqual(happened, []);
  });
});

describe('The steady clock', () => {
  it('tells whole ms that start at the time of day and never go back', () => {
    const clock = createSteadyClock();
    assert.ok(Math.abs(clock.now() - Date.now()) < 1_000);
    let last = clock.now();
    for (let n = 0; n < 1_000; n++) {
      const now = clock.now();
      assert.ok(Number.isInteger(now) && now >= last);
      last = now;
    }
  });

  it('does not jump with the time of day', () => {
    const clock = createSteadyClock();
    const before = clock.now();
    const { now } = Date;
    Date.now = () => now() + 3_600_000;
    try {
      assert.ok(clock.now() - before < 1_000);
    } finally {
      Date.now = now;
    }
  });
});

describe('within', () => {
  it('settles as the promise does, and leaves no timer', async () => {
    // Mocha's own timer begins with the first wait.
    await sleep(0);
    const before = timers();
    assert.equal(await within(Promise.resolve(5), 10_000), 5);
    await assert.rejects(within(Promise.reject(new Error('own')), 10_000), /own/);
    assert.equal(timers(), before);
  });

  it('rejects where no answer comes in time', async () => {
    await assert.rejects(within(new Promise(() => undefined), 5), /no answer within 5 ms/);
  });
});
