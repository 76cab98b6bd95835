import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { duration, told } from '../../../../../src/domain/runtime/lanes/because-words.ts';

const german = { locale: 'de', timeZone: 'Europe/Berlin' } as const;
const english = { locale: 'en', timeZone: 'UTC' } as const;

describe('the words of a reason', () => {
  it('write figures as the language does', () => {
    assert.equal(told('value', 19.964, german), '19,96');
    assert.equal(told('value', 19.964, english), '19.96');
    assert.equal(told('value', 20, german), '20');
  });

  it('tell a moment by the clock of who reads it, and in full where that is not known', () => {
    assert.equal(told('until', '2026-07-01T20:30:00Z', german), '22:30');
    assert.equal(told('until', '2026-07-01T20:30:00Z', english), '2026-07-01T20:30:00Z');
  });

  it('leave alone what RIPE has no word for', () => {
    assert.equal(told('metric', 'soil_ph', german), 'soil_ph');
    assert.equal(told('reason', 'constructor', german), 'constructor');
    assert.equal(told('name', 'moisture', german), 'moisture');
  });

  it('count in seconds, minutes and hours as people do', () => {
    const texts = [7.5, 119, 120, 150, 599, 600, 3_600, 5_400, 86_400].map((each) => duration(each, 'de'));
    assert.deepEqual(texts, [
      '7,5 s',
      '119 s',
      '2 min',
      '150 s',
      '599 s',
      '10 min',
      '1 h',
      '1 h 30 min',
      '24 h',
    ]);
  });
});
