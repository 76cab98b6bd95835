import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Control, SettingValue } from '../../../dashboard/ui/data/shapes.ts';
import { bandsOf, sentenceOf, type WhatIfAnswer } from '../../../dashboard/ui/sensor/what-if-text.ts';
import { Format } from '../../../dashboard/ui/words/format.ts';
import { de } from '../../../dashboard/ui/words/texts-de.ts';
import { en } from '../../../dashboard/ui/words/texts-en.ts';

const FROM = '2026-06-01T00:00:00.000Z';
const UNTIL = '2026-06-15T00:00:00.000Z';
const spans = (count: number) => Array.from({ length: count }, () => ({ from: FROM, until: UNTIL }));
const answer = (did: number, would: number, readings = 9): WhatIfAnswer => ({
  from: FROM,
  until: UNTIL,
  readings,
  did: { spans: spans(did) },
  would: { spans: spans(would) },
});

const english = { words: en, format: new Format('en') };
const german = { words: de, format: new Format('de') };
const setting = (kind: Control['kind'], label: string, value: SettingValue) => ({
  control: { kind, key: '1', label },
  value,
});
const asked = (...settings: ReturnType<typeof setting>[]) => ({ version: null, settings, days: 14 });

describe('The sentence of a replay', () => {
  it('says what is changed, how much more or less often it would have run, and in which time', () => {
    const of = (did: number, would: number) =>
      sentenceOf(answer(did, would), asked(setting('intSlider', 'Limit', 25)), english);
    assert.equal(
      of(8, 12),
      'With limit 25 it would have run 4 times more in the last 14 days: 12 instead of 8.',
    );
    assert.match(of(8, 7), /1 time less in/);
    assert.match(of(8, 8), /just as often in/);
    assert.equal(
      sentenceOf(answer(8, 12), asked(setting('intSlider', 'Grenzwert', 25)), german),
      'Mit Grenzwert 25 wäre er in den letzten 14 Tagen 4-mal öfter gelaufen: 12 statt 8.',
    );
  });

  it('names another version, before what else is changed', () => {
    const version = '1.2.0';
    const { days } = asked();
    assert.match(
      sentenceOf(answer(1, 5), { version, settings: [], days }, english),
      /^With version 1\.2\.0 it would have run 4 times more/,
    );
    const settings = [setting('intSlider', 'Limit', 25)];
    assert.match(
      sentenceOf(answer(1, 5), { version, settings, days }, english),
      /^With version 1\.2\.0, limit 25 it/,
    );
    assert.match(
      sentenceOf(answer(1, 5), { version, settings: [], days }, german),
      /^Mit Version 1\.2\.0 wäre/,
    );
  });

  it('writes values as people of the language do', () => {
    const condition = (each: ReturnType<typeof setting>, whom: typeof english | typeof german) =>
      / (.*?) (?:it|wäre) /.exec(sentenceOf(answer(1, 1), asked(each), whom))?.[1];
    assert.equal(condition(setting('switch', 'Active', false), english), 'active off');
    assert.equal(condition(setting('switch', 'Aktiv', true), german), 'Aktiv an');
    assert.equal(condition(setting('timeSlider', 'Pause', 5_400_000), english), 'pause 1 h 30 min');
    assert.equal(condition(setting('number', 'Faktor', 1.5), german), 'Faktor 1,5');
    const clock = { ms: 6.5 * 3_600_000, zone: 'Europe/Berlin' };
    assert.equal(condition(setting('dayTime', 'From', clock), english), 'from 06:30');
    assert.equal(
      condition(setting('choice', 'Läuft, wenn es', 'below'), german),
      'Läuft, wenn es unter dem Grenzwert ist',
    );
  });

  it('tells where there is nothing to replay, and where nothing is changed', () => {
    assert.match(sentenceOf(answer(0, 0, 0), asked(), english), /Nothing was measured/);
    assert.match(sentenceOf(answer(1, 2), asked(), english), /^As it is set now it would/);
  });
});

describe('The bands of a replay', () => {
  it('show what was and what would have been, each in its lane', () => {
    const bands = bandsOf(answer(1, 2), en.whatIf);
    assert.deepEqual(
      bands.map(({ domain }) => domain),
      [en.whatIf.did, en.whatIf.would, en.whatIf.would],
    );
    assert.deepEqual([bands[0]?.from, bands[0]?.until], [Date.parse(FROM), Date.parse(UNTIL)]);
  });
});
