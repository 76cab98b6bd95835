import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { localeOf, zoneOrUtc } from '../../../../src/domain/time/zones.ts';

describe('zoneOrUtc', () => {
  for (const name of ['Europe/Berlin', 'America/Argentina/Buenos_Aires', 'Asia/Kathmandu', 'UTC']) {
    it(`takes ${name}`, () => assert.equal(zoneOrUtc(name), name));
  }

  for (const name of [
    undefined,
    '',
    'Mars/Olympus',
    '+02:00',
    '-05:00',
    '../etc',
    'x'.repeat(65),
    'Europe/Berlin ',
  ]) {
    it(`takes ${JSON.stringify(name)} as UTC (protocol §2)`, () => assert.equal(zoneOrUtc(name), 'UTC'));
  }

  it('takes any text at all, and still knows zones after a thousand made-up ones', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => assert.equal(typeof zoneOrUtc(name), 'string')),
    );
    for (let n = 0; n < 1100; n++) assert.equal(zoneOrUtc(`Made/Up${n}`), 'UTC');
    assert.equal(zoneOrUtc('Pacific/Auckland'), 'Pacific/Auckland');
    assert.equal(zoneOrUtc('Made/Up1099'), 'UTC');
  });
});

describe('localeOf', () => {
  for (const [header, locale] of [
    [undefined, 'en'],
    ['', 'en'],
    ['de', 'de'],
    ['de-AT', 'de'],
    ['DE-de,en;q=0.8', 'de'],
    ['en,de', 'en'],
    ['de,en', 'de'],
    ['en;q=0.3, de;q=0.7', 'de'],
    ['fr, de;q=0.1', 'de'],
    ['fr, it', 'en'],
    ['*', 'en'],
    ['de;q=0', 'en'],
    ['de;q=0, en;q=0.1', 'en'],
    ['de;q=none, en;q=0.1', 'en'],
    ['den, deutsch', 'en'],
    ['de ; q=0.5 , en ; q=0.4', 'de'],
    ['de;level=1;q=0.2,en;q=0.3', 'en'],
  ] as const) {
    it(`answers ${JSON.stringify(header)} in ${locale}`, () => assert.equal(localeOf(header), locale));
  }

  it('answers any header', () => {
    fc.assert(fc.property(fc.string(), (header) => assert.match(localeOf(header), /^(en|de)$/)));
    assert.equal(localeOf('de,'.repeat(100_000)), 'de');
  });
});
