import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { RipeError } from '../../../../src/domain/errors.ts';
import { calibrate, patchOffsets } from '../../../../src/domain/reading/calibration.ts';
import { METRICS, type Reading } from '../../../../src/domain/reading/reading.ts';
import { make } from '../../../contract/changes.ts';

describe('calibration', () => {
  it('adds to what was measured, known metrics and further ones, and keeps what it has added', () => {
    const reading = make.reading(1, { moisture: 18.3, temperature: 20, light: 7, extra: { ph: 6 } });
    const offsets = { moisture: -3.1, temperature: 0.5, carbon: 9, ph: 0.25, ec: 1 };
    assert.deepEqual(calibrate(reading, offsets), {
      ...reading,
      moisture: 15.2,
      temperature: 20.5,
      extra: { ph: 6.25 },
      offsets: { moisture: -3.1, temperature: 0.5, ph: 0.25 },
    });
  });

  it('keeps percentages within 0 and 100, and tells what was really added', () => {
    const reading = make.reading(1, { moisture: 2, humidity: 98, battery: 50 });
    const { moisture, humidity, battery, offsets } = calibrate(reading, { moisture: -5, humidity: 5 });
    assert.deepEqual([moisture, humidity, battery], [0, 100, 50]);
    assert.deepEqual(offsets, { moisture: -2, humidity: 2 });
  });

  it('leaves a reading as it is where there is nothing to add', () => {
    const reading = make.reading(1, { moisture: 18 });
    assert.equal(calibrate(reading, {}), reading);
    assert.equal(calibrate(reading, { light: 5 }), reading);
  });

  it('never loses what was measured', () => {
    const number = fc.double({ min: -1e4, max: 1e4, noNaN: true }).map((n) => Number(n.toPrecision(6)));
    const metric = fc.constantFrom(...METRICS);
    fc.assert(
      fc.property(metric, number, number, (name, value, offset) => {
        const reading: Reading = make.reading(1, { [name]: value });
        const { [name]: better, offsets = {} } = calibrate(reading, { [name]: offset });
        const told = (better ?? 0) - (offsets[name] ?? 0);
        assert.ok(Math.abs(told - value) < 1e-6 * Math.max(1, Math.abs(value)), `${told}`);
      }),
    );
  });
});

describe('offsets', () => {
  it('are changed by name, and taken back by null', () => {
    assert.deepEqual(patchOffsets({ moisture: 1, light: 2 }, { light: null, ph: 0.5 }), {
      moisture: 1,
      ph: 0.5,
    });
    assert.deepEqual(patchOffsets({ moisture: 1 }, { moisture: 0 }), {});
  });

  for (const [change, field] of [
    [{ light: 0.5 }, 'offsets.light'],
    [{ moisture: 1e10 }, 'offsets.moisture'],
    [{ timestamp: 1 }, 'offsets.timestamp'],
    [{ '': 1 }, 'offsets.'],
    [{ 'a\nb': 1 }, 'offsets.a\nb'],
    [{ ['x'.repeat(65)]: 1 }, `offsets.${'x'.repeat(64)}`],
    [JSON.parse('{"__proto__": 1}'), 'offsets.__proto__'],
    [Object.fromEntries(Array.from({ length: 41 }, (_, n) => [`m${n}`, 1])), 'offsets'],
  ] as const) {
    it(`are refused, naming ${JSON.stringify(field.slice(0, 20))}`, () => {
      assert.throws(
        () => patchOffsets({}, change),
        (error) => error instanceof RipeError && error.params['field'] === field,
      );
    });
  }
});
