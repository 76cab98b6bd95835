import type { Span } from '../data/history.ts';
import type { Texts } from '../words/texts-en.ts';

/** What a replay has answered; times are RFC 3339. */
export interface WhatIfAnswer {
  readonly from: string;
  readonly until: string;
  readonly readings: number;
  readonly did: { readonly spans: readonly AnswerSpan[] };
  readonly would: { readonly spans: readonly AnswerSpan[] };
}

interface AnswerSpan {
  readonly from: string;
  readonly until: string;
}

export const spansOf = (spans: readonly AnswerSpan[]): Span[] =>
  spans.map(({ from, until }) => ({ from: Date.parse(from), until: Date.parse(until) }));

/** "With limit 25 it would have run 4 times more in the last 14 days: 12 instead of 8 times." */
export function sentenceOf(
  words: Texts['whatIf'],
  { did, would, readings }: WhatIfAnswer,
  { changes, days }: { readonly changes: readonly string[]; readonly days: number },
): string {
  if (readings === 0) return words.noReadings(days);
  const [before, after] = [did.spans.length, would.spans.length];
  const condition = changes.length === 0 ? words.asItIs : words.withChanges(changes.join(', '));
  return words.sentence(condition, words.difference(after - before), days, words.counts(before, after));
}
