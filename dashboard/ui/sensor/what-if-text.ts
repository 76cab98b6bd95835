import type { Band, Span } from '../data/history.ts';
import type { Control, DayTime, SettingValue } from '../data/shapes.ts';
import type { Format } from '../words/format.ts';
import type { Texts } from '../words/texts-en.ts';
import { clockOf } from './setting-value.ts';

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

/** What was tried; `version` null: the one that decides. */
export interface Asked {
  readonly version: string | null;
  readonly settings: readonly { readonly control: Control; readonly value: SettingValue }[];
  readonly days: number;
}

export const spanOf = ({ from, until }: AnswerSpan): Span => ({
  from: Date.parse(from),
  until: Date.parse(until),
});

/** Both on one time axis, each named by what it is. */
export function bandsOf({ did, would }: WhatIfAnswer, words: Texts['whatIf']): Band[] {
  const lane = (domain: string, spans: readonly AnswerSpan[]) =>
    spans.map((each) => ({ domain, ...spanOf(each) }));
  return [...lane(words.did, did.spans), ...lane(words.would, would.spans)];
}

/** "With version 1.2.0, limit 25 it would have run 4 times more in the last 14 days: 12 instead of 8." */
export function sentenceOf(
  { did, would, readings }: WhatIfAnswer,
  { version, settings, days }: Asked,
  { words, format }: { readonly words: Texts; readonly format: Format },
): string {
  const { whatIf } = words;
  if (readings === 0) return whatIf.noReadings(days);
  const [before, after] = [did.spans.length, would.spans.length];
  const changes = settings.map(({ control, value }) => told(control, value, { words, format }));
  if (version !== null) changes.unshift(whatIf.ofVersion(version));
  const condition = changes.length === 0 ? whatIf.asItIs : whatIf.withChanges(changes.join(', '));
  return whatIf.sentence(condition, whatIf.difference(after - before), days, whatIf.counts(before, after));
}

/** "limit 25": as a sentence names a changed setting. */
function told(
  control: Control,
  value: SettingValue,
  { words, format }: { readonly words: Texts; readonly format: Format },
): string {
  const label = format.language === 'de' ? control.label : control.label.toLowerCase();
  if (control.kind === 'dayTime') return `${label} ${clockOf(value as DayTime)}`;
  if (control.kind === 'timeSlider') return `${label} ${format.duration(Number(value))}`;
  if (typeof value === 'boolean') return `${label} ${value ? words.on : words.off}`;
  if (typeof value === 'number') return `${label} ${format.plain(value)}`;
  return `${label} ${words.choices[String(value)] ?? value}`;
}
