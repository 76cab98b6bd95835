import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  growthExponent,
  median,
  percentile,
  ratioRow,
  slope,
  spreadRows,
} from '../../../bench/harness/statistics.ts';

const series = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 });

describe('statistics of the bench', () => {
  it('takes percentiles by nearest rank, whatever the order of the values', () => {
    const values = Array.from({ length: 20 }, (_, index) => 20 - index);
    assert.deepEqual(
      [1, 50, 95, 96, 100].map((percent) => percentile(values, percent)),
      [1, 10, 19, 20, 20],
    );
  });

  it('takes the slope of the line of least squares', () => {
    assert.equal(
      slope([
        [0, 5],
        [10, 25],
        [20, 45],
      ]),
      2,
    );
    assert.throws(() => slope([[1, 1]]), /single point/);
  });

  it('orders numbers as numbers', () => {
    assert.equal(percentile([9, 10, 100], 100), 100);
    assert.equal(median([9, 100, 10]), 10);
  });

  it('answers with a value of the series, and leaves the series alone', () => {
    fc.assert(
      fc.property(series, fc.integer({ min: 0, max: 100 }), (values, percent) => {
        const before = [...values];
        assert.ok(values.includes(percentile(values, percent)));
        assert.deepEqual(values, before);
      }),
    );
  });

  it('never falls as the percentage rises', () => {
    fc.assert(
      fc.property(series, (values) => {
        assert.ok(percentile(values, 50) <= percentile(values, 95));
        assert.ok(percentile(values, 95) <= percentile(values, 100));
      }),
    );
  });

  it('refuses an empty series', () => {
    assert.throws(() => median([]), RangeError);
  });

  it('describes a series by three figures', () => {
    assert.deepEqual(spreadRows('wait', [3, 1, 2], 'ms'), [
      { name: 'wait, p50', value: 2, unit: 'ms' },
      { name: 'wait, p95', value: 3, unit: 'ms' },
      { name: 'wait, max', value: 3, unit: 'ms' },
    ]);
  });

  it('divides by a baseline, and refuses one that means nothing', () => {
    assert.deepEqual(ratioRow('a / b', 6, 4), { name: 'a / b', value: 1.5, unit: '×' });
    for (const baseline of [0, -1, Number.NaN]) assert.throws(() => ratioRow('a / b', 6, baseline), /a \/ b/);
  });
});

describe('growthExponent', () => {
  it('is 1 in proportion, and 2 where twice as many take four times as long', () => {
    const sizes = [100, 1_000, 10_000];
    const exponents = [1, 2].map((power) => growthExponent(sizes.map((size) => [size, 3 * size ** power])));
    assert.deepEqual(
      exponents.map((value) => value.toFixed(6)),
      ['1.000000', '2.000000'],
    );
  });
});
