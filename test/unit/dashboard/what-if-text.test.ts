import assert from 'node:assert/strict';
import { sentenceOf, type WhatIfAnswer } from '../../../dashboard/ui/sensor/what-if-text.ts';
import { de } from '../../../dashboard/ui/words/texts-de.ts';
import { en } from '../../../dashboard/ui/words/texts-en.ts';

const spans = (count: number) => Array.from({ length: count }, () => ({ from: '', until: '' }));
const answer = (did: number, would: number, readings = 9): WhatIfAnswer => ({
  from: '',
  until: '',
  readings,
  did: { spans: spans(did) },
  would: { spans: spans(would) },
});

describe('The sentence of a replay', () => {
  it('says what is changed, how much more or less often it would have run, and in which time', () => {
    const changes = ['limit 25'];
    const of = (did: number, would: number) =>
      sentenceOf(en.whatIf, answer(did, would), { changes, days: 14 });
    assert.equal(
      of(8, 12),
      'With limit 25 it would have run 4 times more in the last 14 days: 12 instead of 8.',
    );
    assert.match(of(8, 7), /1 time less in/);
    assert.match(of(8, 8), /just as often in/);
    assert.equal(
      sentenceOf(de.whatIf, answer(8, 12), { changes: ['Grenzwert 25'], days: 14 }),
      'Mit Grenzwert 25 wäre er in den letzten 14 Tagen 4-mal öfter gelaufen: 12 statt 8.',
    );
  });

  it('tells where there is nothing to replay, and where nothing is changed', () => {
    assert.match(sentenceOf(en.whatIf, answer(0, 0, 0), { changes: [], days: 14 }), /Nothing was measured/);
    assert.match(
      sentenceOf(en.whatIf, answer(1, 2), { changes: [], days: 14 }),
      /^As it is set now it would/,
    );
  });
});
