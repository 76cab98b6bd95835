import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { foldBuckets, spanOf } from '../../../../src/domain/reading/buckets.ts';
import { make } from '../../../contract/changes.ts';

const HOUR = 3_600_000;
const at = (text: string): number => Date.parse(text);
const iso = (ms: number): string => new Date(ms).toISOString();
const dayOf = (text: string, zone: string) => {
  const { from, until } = spanOf(at(text), '1d', zone);
  return [iso(from), iso(until), (until - from) / HOUR];
};

describe('buckets', () => {
  it('tell least, mean and most of what was measured, and null of what was not', () => {
    const rows = [
      make.row(0, { moisture: 10, temperature: -5 }),
      make.row(60_000, { moisture: 40 }),
      make.row(120_000, { moisture: 10 }),
      make.row(600_000, { light: 7 }),
    ];
    const [first, second, ...more] = foldBuckets(rows, '5m', 'UTC');
    assert.deepEqual(more, []);
    assert.deepEqual([first?.timestamp, first?.count], [0, 3]);
    assert.deepEqual(first?.values.moisture, { min: 10, mean: 20, max: 40 });
    assert.deepEqual(first?.values.temperature, { min: -5, mean: -5, max: -5 });
    assert.equal(first?.values.light, null);
    assert.deepEqual([second?.timestamp, second?.values.light?.max], [600_000, 7]);
  });

  it('bear the largest numbers', () => {
    const rows = [1, 2, 3].map((n) => make.row(n, { battery: Number.MAX_VALUE }));
    const [bucket] = foldBuckets(rows, '1d', 'UTC');
    assert.equal(bucket?.values.battery?.max, Number.MAX_VALUE);
    assert.ok(Number.isFinite(bucket?.values.battery?.mean));
  });

  it('begin with the day of the zone, which a clock change makes longer or shorter', () => {
    assert.deepEqual(dayOf('2026-07-11T22:30:00Z', 'Europe/Berlin'), [
      '2026-07-11T22:00:00.000Z',
      '2026-07-12T22:00:00.000Z',
      24,
    ]);
    assert.equal(dayOf('2026-03-29T10:00:00Z', 'Europe/Berlin')[2], 23);
    assert.equal(dayOf('2026-10-25T00:30:00Z', 'Europe/Berlin')[2], 25);
    assert.deepEqual(dayOf('2026-07-11T23:59:59Z', 'UTC').slice(0, 2), [
      '2026-07-11T00:00:00.000Z',
      '2026-07-12T00:00:00.000Z',
    ]);
  });

  it('begin at one where there is no midnight, as when the clocks of Beirut go forward', () => {
    const [from, until, hours] = dayOf('2024-03-31T12:00:00Z', 'Asia/Beirut');
    assert.deepEqual([from, until, hours], ['2024-03-30T22:00:00.000Z', '2024-03-31T21:00:00.000Z', 23]);
  });

  it('begin with the hour of the zone, also where that is half an hour off', () => {
    const { from, until } = spanOf(at('2026-07-11T10:45:00Z'), '1h', 'Asia/Kolkata');
    assert.deepEqual([iso(from), iso(until)], ['2026-07-11T10:30:00.000Z', '2026-07-11T11:30:00.000Z']);
  });

  it('hold every reading once', () => {
    const times = fc.array(fc.integer({ min: at('2026-03-28'), max: at('2026-03-31') }), { maxLength: 60 });
    const size = fc.constantFrom('5m' as const, '1h' as const, '1d' as const);
    const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kolkata', 'America/Sao_Paulo');
    fc.assert(
      fc.property(times, size, zone, (all, each, where) => {
        const rows = all.sort((a, b) => a - b).map((time) => make.row(time, { moisture: 1 }));
        const buckets = foldBuckets(rows, each, where);
        assert.equal(
          buckets.reduce((sum, { count }) => sum + count, 0),
          rows.length,
        );
        for (const time of all) {
          const { from, until } = spanOf(time, each, where);
          assert.ok(from <= time && time < until);
          assert.ok(buckets.some(({ timestamp }) => timestamp === from));
        }
      }),
    );
  });
});
