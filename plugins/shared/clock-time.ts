const DAY_MS = 86_400_000;
const MOST_KNOWN = 500;
const formats = new Map<string, Intl.DateTimeFormat>();

/** HH:MM of a moment (ms UTC) as a clock in that IANA zone shows it. */
export function clockTime(at: number, zone: string): string {
  return zone === 'UTC' ? dayTimeText(((at % DAY_MS) + DAY_MS) % DAY_MS) : formatOf(zone).format(at);
}

/** HH:MM of a time of day (ms after midnight). */
export function dayTimeText(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  return `${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

/** Making a format costs a hundred times what using it does, so they are kept; the bound is against made-up zones. */
function formatOf(zone: string): Intl.DateTimeFormat {
  const kept = formats.get(zone);
  if (kept !== undefined) return kept;
  if (formats.size >= MOST_KNOWN) formats.clear();
  const format = newFormat(zone);
  formats.set(zone, format);
  return format;
}

function newFormat(timeZone: string): Intl.DateTimeFormat {
  const form = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  try {
    return new Intl.DateTimeFormat('en-GB', { ...form, timeZone });
  } catch {
    // A zone that this machine's data does not know counts as UTC (protocol §2).
    return new Intl.DateTimeFormat('en-GB', { ...form, timeZone: 'UTC' });
  }
}
