import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { cutLogText, formatLogLine } from '../../../../src/domain/sensor/log-line.ts';
import { localTime } from '../../../../src/domain/time/local-time.ts';

const bytesOf = (text: string) => Buffer.byteLength(text);

describe('cutLogText', () => {
  it('keeps 255 bytes and cuts the 256th (protocol §7.3)', () => {
    assert.equal(cutLogText('a'.repeat(255)), 'a'.repeat(255));
    assert.equal(cutLogText('a'.repeat(256)), 'a'.repeat(255));
  });

  for (const [character, size] of [
    ['ü', 2],
    ['€', 3],
    ['🌱', 4],
  ] as const) {
    it(`cuts before a character of ${size} bytes, not inside it (protocol §7.3 FIX)`, () => {
      for (let before = 255 - size; before <= 255; before++) {
        const text = 'a'.repeat(before) + character;
        const fits = before + size <= 255;
        assert.equal(cutLogText(text), fits ? text : 'a'.repeat(before));
      }
    });
  }

  it('leaves NUL out', () => assert.equal(cutLogText('a\0b\0'), 'ab'));

  it('cuts any text to the longest start that fits', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 0, maxLength: 300 }), (text) => {
        const whole = text.replaceAll('\0', '').toWellFormed();
        const cut = cutLogText(text);
        assert.ok(bytesOf(cut) <= 255 && whole.startsWith(cut));
        const next = whole.slice(cut.length)[Symbol.iterator]().next().value ?? '';
        assert.ok(next === '' || bytesOf(cut + next) > 255);
      }),
    );
  });
});

describe('formatLogLine', () => {
  it('pads the day with a blank (protocol §3, log)', () => {
    const line = formatLogLine(localTime(Date.UTC(2024, 6, 5, 8, 9, 10), 'UTC'), 'pump on');
    assert.equal(line, '[Jul  5 08:09:10 2024] pump on');
  });

  it('is told in the zone that is asked for, with midnight as 00 (protocol §3, log)', () => {
    const line = formatLogLine(localTime(Date.UTC(2024, 11, 31, 23), 'Europe/Berlin'), 'x');
    assert.equal(line, '[Jan  1 00:00:00 2025] x');
  });

  it('names every month in English', () => {
    const months = Array.from({ length: 12 }, (_, month) =>
      formatLogLine(localTime(Date.UTC(2024, month, 11), 'UTC'), '').slice(1, 4),
    );
    assert.equal(months.join(' '), 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec');
  });
});
