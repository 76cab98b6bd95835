import type { DailyWindow } from './settings.ts';
import { DAY_MS, momentOf } from './wall-clock.ts';

/** From one moment to another, both ms UTC. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const SECOND_MS = 1000;
/**
 * Days around the UTC day of now: a zone's day is one off at most, yesterday's window may still be open, and
 * after an end almost a day ahead the next opening is up to 25 h further.
 */
const FIRST_DAY = -2;
const LAST_DAY = 3;

/** What a window is from the day before yesterday on, day by day. */
export function occurrences(window: DailyWindow, now: number): Span[] {
  const today = Math.floor(now / DAY_MS);
  const spans: Span[] = [];
  for (let day = today + FIRST_DAY; day <= today + LAST_DAY; day += 1) spans.push(occurrence(window, day));
  return spans;
}

/** The end is a time of day as well, so that 20:00 for 12 h ends at 08:00 also when the clock changes. */
function occurrence({ start, durationMs }: DailyWindow, day: number): Span {
  const end = start.ms + durationMs;
  return {
    from: momentOf(start.zone, day, start.ms),
    to: momentOf(start.zone, day + Math.floor(end / DAY_MS), end % DAY_MS),
  };
}

/** All windows in order; those that a clock change swallows are left out. */
export function allSpans(windows: readonly DailyWindow[], now: number): Span[] {
  return windows
    .flatMap((window) => occurrences(window, now))
    .filter((span) => opening(span) < closing(span))
    .sort((a, b) => a.from - b.from);
}

/** The same with those that overlap or touch made one, so that nothing is switched between them. */
export function mergeSpans(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of spans) {
    const last = merged.at(-1);
    if (last === undefined || span.from > last.to) merged.push(span);
    else if (span.to > last.to) merged[merged.length - 1] = { from: last.from, to: span.to };
  }
  return merged;
}

/** When the window that is open now closes, or null. What is on already does not go off for its first second. */
export function openUntil(spans: readonly Span[], now: number, isOn: boolean): number | null {
  const open = spans.find((span) => (isOn ? span.from : opening(span)) <= now && now < closing(span));
  return open === undefined ? null : closing(open);
}

/** When something that is on until `end` goes off, if windows reach on from there. */
export function reachFrom(merged: readonly Span[], end: number): number {
  const next = merged.find((span) => span.from <= end && closing(span) > end);
  return next === undefined ? end : closing(next);
}

/** The first opening after a moment, or null. */
export function nextOpening(spans: readonly Span[], after: number): number | null {
  const next = spans.find((span) => opening(span) > after);
  return next === undefined ? null : opening(next);
}

/** A window is open between its start and its end, both excluded, to the second (protocol §6.2). */
function opening({ from }: Span): number {
  return closing({ to: from }) + SECOND_MS;
}

function closing({ to }: Pick<Span, 'to'>): number {
  return Math.floor(to / SECOND_MS) * SECOND_MS;
}
