import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { dayTimeIn, localTime } from '../../../../src/domain/time/local-time.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const WINTER = Date.UTC(2026, 0, 15, 12);
const SUMMER = Date.UTC(2026, 6, 15, 12);
const BERLIN = 'Europe/Berlin';
const ZONES = ['UTC', BERLIN, 'America/New_York', 'Asia/Kathmandu', 'Pacific/Auckland', 'Pacific/Kiritimati'];

const clockOf = (at: number, zone: string) => {
  const { day, hour, minute, second } = localTime(at, zone);
  return [day, hour, minute, second];
};

describe('localTime', () => {
  it('is the clock on the wall', () => {
    const at = Date.UTC(2024, 6, 5, 8, 9, 10);
    assert.deepEqual(localTime(at, 'UTC'), { year: 2024, month: 7, day: 5, hour: 8, minute: 9, second: 10 });
    assert.deepEqual(clockOf(at, 'Asia/Kathmandu'), [5, 13, 54, 10]);
  });

  it('reads midnight as hour 0, not 24', () => {
    assert.deepEqual(clockOf(Date.UTC(2026, 5, 1, 22), BERLIN), [2, 0, 0, 0]);
    assert.deepEqual(clockOf(Date.UTC(2026, 5, 2), 'UTC'), [2, 0, 0, 0]);
  });

  it('loses an hour when summer time begins', () => {
    const before = Date.UTC(2026, 2, 29, 0, 59, 59);
    assert.deepEqual(clockOf(before, BERLIN), [29, 1, 59, 59]);
    assert.deepEqual(clockOf(before + 1000, BERLIN), [29, 3, 0, 0]);
  });

  it('has an hour twice when summer time ends', () => {
    const first = Date.UTC(2026, 9, 25, 0, 30);
    assert.deepEqual(clockOf(first, BERLIN), [25, 2, 30, 0]);
    assert.deepEqual(clockOf(first + HOUR, BERLIN), [25, 2, 30, 0]);
  });
});

describe('dayTimeIn', () => {
  it('is what was set, asked in its own zone', () => {
    assert.equal(dayTimeIn({ ms: 5 * HOUR, zone: BERLIN }, BERLIN, WINTER), 5 * HOUR);
  });

  it('moves by the offset of the day that is asked for', () => {
    const seven = { ms: 7 * HOUR, zone: BERLIN };
    assert.equal(dayTimeIn(seven, 'UTC', WINTER), 6 * HOUR);
    assert.equal(dayTimeIn(seven, 'UTC', SUMMER), 5 * HOUR);
    assert.equal(dayTimeIn(seven, 'Asia/Kathmandu', SUMMER), 5 * HOUR + 5.75 * HOUR);
  });

  it('reads midnight east of Greenwich as 0, never as 24 h (protocol §6.2 FIX b)', () => {
    assert.equal(dayTimeIn({ ms: 22 * HOUR, zone: 'UTC' }, BERLIN, SUMMER), 0);
    assert.equal(dayTimeIn({ ms: 0, zone: BERLIN }, 'UTC', SUMMER), 22 * HOUR);
  });

  it('is always a time of day (protocol §4.4), and comes back in its own zone', () => {
    const zone = fc.constantFrom(...ZONES);
    const ms = fc.integer({ min: 0, max: DAY - 1 });
    const now = fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2030, 0) });
    fc.assert(
      fc.property(ms, zone, zone, now, (at, from, to, when) => {
        const moved = dayTimeIn({ ms: at, zone: from }, to, when);
        assert.ok(Number.isInteger(moved) && moved >= 0 && moved < DAY);
        assert.equal(dayTimeIn({ ms: moved, zone: to }, from, when), at);
      }),
    );
  });
});
