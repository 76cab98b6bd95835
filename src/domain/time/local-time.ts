import type { DayTime } from '../agent/settings-controls.ts';

const DAY_MS = 86_400_000;
const MOST_FORMATS = 600;
const formats = new Map<string, Intl.DateTimeFormat>();

export interface LocalTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** The clock on the wall of a zone at a moment (ms UTC). */
export function localTime(at: number, zone: string): LocalTime {
  const parts: Record<string, number> = {};
  for (const part of formatOf(zone).formatToParts(at)) parts[part.type] = Number(part.value);
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = parts;
  return { year, month, day, hour, minute, second };
}

/** A time of day, told in another zone as of `now`: ms after midnight there, 0 to 86 399 999. */
export function dayTimeIn(time: DayTime, zone: string, now: number): number {
  if (time.zone === zone) return time.ms;
  const moved = time.ms - offsetOf(time.zone, now) + offsetOf(zone, now);
  return ((moved % DAY_MS) + DAY_MS) % DAY_MS;
}

const FEW_HOURS_MS = 3 * 3_600_000;

/** When the day of a moment begins in a zone, and the one after it, ms UTC: days with a clock change are 23 or 25 hours long. */
export function dayOf(at: number, zone: string): { from: number; until: number } {
  const day = dateOf(at, zone);
  return { from: startOf(day, zone), until: startOf(day + DAY_MS, zone) };
}

/** The date that a zone's calendar shows, as ms UTC of its midnight there. */
function dateOf(at: number, zone: string): number {
  const { year, month, day } = localTime(at, zone);
  return Date.UTC(year, month - 1, day);
}

/** Where the clock changes at midnight, that is skipped or comes twice: the first moment that shows the date counts. */
function startOf(date: number, zone: string): number {
  const near = date - offsetOf(zone, date);
  const starts = [near - FEW_HOURS_MS, near + FEW_HOURS_MS].map((at) => date - offsetOf(zone, at));
  return starts.sort((a, b) => a - b).find((at) => dateOf(at, zone) >= date) ?? near;
}

/** By how much the clock of a zone is ahead of UTC, ms. */
export function offsetOf(zone: string, at: number): number {
  if (zone === 'UTC') return 0;
  const local = localTime(at, zone);
  const shown = Date.UTC(local.year, local.month - 1, local.day, local.hour, local.minute, local.second);
  return shown - Math.floor(at / 1000) * 1000;
}

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'gregory',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    if (formats.size < MOST_FORMATS) formats.set(zone, format);
  }
  return format;
}
