import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { formatDate, formatDateWithoutZone, parseDate } from '../../../../src/domain/time/dates.ts';

const DATE = { min: Date.UTC(100, 0), max: Date.UTC(9999, 11, 31) };
const moment = fc.integer(DATE);

describe('parseDate', () => {
  for (const [text, at] of [
    ['2024-07-11T00:00:00Z', Date.UTC(2024, 6, 11)],
    ['2024-07-11t00:00:00z', Date.UTC(2024, 6, 11)],
    ['2024-07-11 00:00:00Z', Date.UTC(2024, 6, 11)],
    ['2024-07-11T00:00:00.5Z', Date.UTC(2024, 6, 11) + 500],
    ['2024-07-11T00:00:00.123456Z', Date.UTC(2024, 6, 11) + 123],
    ['2024-07-11T02:00:00+02:00', Date.UTC(2024, 6, 11)],
    ['2024-07-10T18:30:00-05:30', Date.UTC(2024, 6, 11)],
    ['2024-02-29T12:00:00Z', Date.UTC(2024, 1, 29, 12)],
    ['2016-12-31T23:59:60Z', Date.UTC(2017, 0)],
  ] as const) {
    it(`reads ${text} (protocol §2.3)`, () => assert.equal(parseDate(text), at));
  }

  for (const text of [
    '',
    '2024-07-11',
    '2024-07-11T00:00:00',
    '9999-12-31T23:59:60Z',
    '9999-12-31T23:59:59-00:01',
    '2024-07-11T00:00Z',
    '2024-7-11T00:00:00Z',
    '2023-02-29T00:00:00Z',
    '2024-06-31T00:00:00Z',
    '2024-13-01T00:00:00Z',
    '2024-00-10T00:00:00Z',
    '2024-07-11T24:00:00Z',
    '2024-07-11T00:60:00Z',
    '2024-07-11T00:00:61Z',
    '2024-07-11T00:00:00+24:00',
    '2024-07-11T00:00:00+02:60',
    '2024-07-11T00:00:00+0200',
    ' 2024-07-11T00:00:00Z',
    '2024-07-11T00:00:00Z\n',
    '0099-01-01T00:00:00Z',
    '1720656000000',
  ]) {
    it(`takes ${JSON.stringify(text)} for no date`, () => assert.equal(parseDate(text), null));
  }

  it('reads what formatDate writes', () => {
    fc.assert(fc.property(moment, (at) => assert.equal(parseDate(formatDate(at)), at)));
  });

  it('reads any offset as the same moment', () => {
    const hours = fc.integer({ min: -23, max: 23 });
    fc.assert(
      fc.property(fc.integer({ ...DATE, min: DATE.min + 86_400_000 }), hours, (at, offset) => {
        const local = new Date(at + offset * 3_600_000).toISOString().slice(0, -1);
        const zone = `${offset < 0 ? '-' : '+'}${String(Math.abs(offset)).padStart(2, '0')}:00`;
        assert.equal(parseDate(`${local}${zone}`), at);
      }),
    );
  });
});

describe('formatDateWithoutZone', () => {
  it('writes six digits of fraction and no zone letter (protocol §4.2)', () => {
    assert.equal(formatDateWithoutZone(Date.UTC(2024, 6, 11, 20, 15, 1, 123)), '2024-07-11T20:15:01.123000');
  });
});
