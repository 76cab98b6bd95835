import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { RipeError } from '../../../../src/domain/errors.ts';
import { METRICS, metricOf, parseReading } from '../../../../src/domain/reading/reading.ts';

const NOW = Date.UTC(2026, 5, 1, 12);
const parse = (message: unknown) => parseReading(message, NOW);

const refusing = (field: string) => (error: unknown) =>
  error instanceof RipeError && error.code === 'RIPE_FIELD_INVALID' && error.params['field'] === field;

describe('parseReading', () => {
  it('reads every known metric (protocol §4.2)', () => {
    const values = {
      battery: 99.5,
      moisture: -1,
      temperature: 21.25,
      humidity: 0,
      carbon: 400,
      conductivity: -5,
      light: 12_000,
    };
    assert.deepEqual(parse(values), { timestamp: NOW, ...values });
  });

  it('takes missing and null members as no value (protocol §4.2)', () => {
    const nothing = Object.fromEntries(METRICS.map((metric) => [metric, null]));
    assert.deepEqual(parse({}), { timestamp: NOW, ...nothing });
    assert.deepEqual(parse({ timestamp: null, ...nothing }), { timestamp: NOW, ...nothing });
  });

  for (const metric of METRICS) {
    for (const value of ['1', true, [1], {}]) {
      it(`refuses ${JSON.stringify(value)} as ${metric}, and names it`, () => {
        assert.throws(() => parse({ [metric]: value }), refusing(metric));
      });
    }
  }

  for (const metric of ['carbon', 'conductivity', 'light']) {
    it(`takes ${metric} as a 32-bit integer only (protocol §4.2)`, () => {
      for (const value of [2_147_483_647, -2_147_483_648]) {
        assert.equal((parse({ [metric]: value }) as unknown as Record<string, unknown>)[metric], value);
      }
      for (const value of [2_147_483_648, -2_147_483_649, 0.5]) {
        assert.throws(() => parse({ [metric]: value }), refusing(metric));
      }
    });
  }

  for (const value of [null, undefined, 3, 'text', [], [{ moisture: 1 }]]) {
    it(`refuses ${JSON.stringify(value)}, which is no object`, () => {
      assert.throws(() => parse(value), refusing('body'));
    });
  }

  it('never throws anything but an error that names a field', () => {
    fc.assert(
      fc.property(fc.anything(), (message) => {
        try {
          parse(message);
        } catch (error) {
          assert.ok(error instanceof RipeError && error.code === 'RIPE_FIELD_INVALID');
        }
      }),
    );
  });
});

describe('the timestamp of a reading', () => {
  it('is the time of reception where there is none (protocol §4.2)', () => {
    assert.equal(parse({}).timestamp, NOW);
  });

  it('is the one of the message, of any zone', () => {
    assert.equal(parse({ timestamp: '2026-06-01T13:30:00.250+02:00' }).timestamp, NOW - 30 * 60_000 + 250);
  });

  it('is now where it lies in the future (protocol §7.1 FIX)', () => {
    assert.equal(parse({ timestamp: '2126-06-01T00:00:00Z' }).timestamp, NOW);
  });

  for (const timestamp of ['', 'now', '2026-06-01', '2026-06-01T12:00:00', '1999-12-31T23:59:59Z', 5]) {
    it(`is refused as ${JSON.stringify(timestamp)}`, () => {
      assert.throws(() => parse({ timestamp }), refusing('timestamp'));
    });
  }
});

describe('further metrics', () => {
  it('are kept where they are numbers; other unknown members are ignored (protocol §4.2)', () => {
    const { extra } = parse({ ph: 6.5, note: 'dry', tank: { level: 3 }, wet: true, none: null });
    assert.deepEqual(extra, { ph: 6.5 });
    assert.equal('extra' in parse({ note: 'dry' }), false);
  });

  it('are 32 at most, with names of 64 characters at most', () => {
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`m${n}`, n]));
    assert.equal(Object.keys(parse(many).extra ?? {}).length, 32);
    assert.equal(parse({ ['x'.repeat(65)]: 1 }).extra, undefined);
    assert.deepEqual(parse({ ['x'.repeat(64)]: 1 }).extra, { ['x'.repeat(64)]: 1 });
  });

  it('reach no prototype', () => {
    const reading = parse(JSON.parse('{"__proto__": 7, "constructor": 8, "toString": 9}'));
    assert.deepEqual(Object.entries(reading.extra ?? {}), [
      ['constructor', 8],
      ['toString', 9],
    ]);
    assert.equal(Object.getPrototypeOf(reading.extra), Object.prototype);
    assert.equal(({} as Record<string, unknown>)['7'], undefined);
  });
});

describe('metricOf', () => {
  it('finds known and further metrics', () => {
    const reading = parse({ moisture: 3, ph: 6.5 });
    assert.equal(metricOf(reading, 'moisture'), 3);
    assert.equal(metricOf(reading, 'ph'), 6.5);
    assert.equal(metricOf(reading, 'battery'), null);
    assert.equal(metricOf(reading, 'tank'), null);
  });

  it('finds nothing under the names that every object has', () => {
    const reading = parse({ ph: 6.5 });
    for (const name of ['constructor', 'toString', '__proto__', 'extra', 'timestamp']) {
      assert.equal(metricOf(reading, name), null);
    }
  });
});
