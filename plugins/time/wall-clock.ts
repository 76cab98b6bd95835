import { Temporal } from 'temporal-polyfill';

export const DAY_MS = 86_400_000;

const MOST_KNOWN = 4096;
const offsets = new Map<string, number | null>();

/**
 * When (ms UTC) the clock of a zone shows a time of day on a day (counted from 1970-01-01). What a clock change
 * skips counts as after it by as much, what it repeats counts the first time (Temporal's `compatible`).
 */
export function momentOf(zone: string, day: number, ms: number): number {
  const asUtc = day * DAY_MS + ms;
  if (zone === 'UTC') return asUtc;
  const offset = steadyOffset(zone, day);
  return offset === null ? resolve(zone, asUtc) : asUtc - offset;
}

/**
 * A zone's offset on a day without a clock change, or null where it changes. Remembered, as all agents of a garden
 * ask for the same few days and asking costs a thousand times what the arithmetic does.
 */
function steadyOffset(zone: string, day: number): number | null {
  const key = `${zone} ${day}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  if (offsets.size >= MOST_KNOWN) offsets.clear();
  const offset = findSteadyOffset(zone, day);
  offsets.set(key, offset);
  return offset;
}

function findSteadyOffset(zone: string, day: number): number | null {
  try {
    const date = localDateTime(day * DAY_MS).toPlainDate();
    const first = date.toZonedDateTime(zone);
    const next = date.add({ days: 1 }).toZonedDateTime(zone);
    const isSteady = first.hoursInDay === 24 && first.offsetNanoseconds === next.offsetNanoseconds;
    return isSteady ? first.offsetNanoseconds / 1_000_000 : null;
  } catch {
    // A zone that this machine's data does not know counts as UTC (protocol §2).
    return 0;
  }
}

function resolve(zone: string, asUtc: number): number {
  return localDateTime(asUtc).toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds;
}

function localDateTime(asUtc: number): Temporal.PlainDateTime {
  return Temporal.Instant.fromEpochMilliseconds(asUtc).toZonedDateTimeISO('UTC').toPlainDateTime();
}
