const RFC3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?([Zz]|[+-]\d\d:\d\d)$/;

/** RFC 3339 has years of four digits only: what is later could be read, but not written again. */
const END = Date.UTC(10_000, 0);

/** Reads an RFC 3339 date with zone as ms UTC; null where the text is none or names a day that does not exist. */
export function parseDate(text: string): number | null {
  const match = RFC3339.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour, minute, second, fraction = '', zone = 'Z'] = match;
  const offset = offsetMs(zone);
  if (offset === null || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return null;
  const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day));
  // Date.UTC rolls the 31st of June over to July, and reads the years 0 to 99 as 19xx.
  if (new Date(midnight).toISOString().slice(0, 10) !== `${year}-${month}-${day}`) return null;
  const time = (Number(hour) * 3600 + Number(minute) * 60 + Number(second)) * 1000;
  const at = midnight + time + Number(fraction.slice(0, 3).padEnd(3, '0')) - offset;
  return at < END ? at : null;
}

function offsetMs(zone: string): number | null {
  if (zone === 'Z' || zone === 'z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4, 6));
  if (hours > 23 || minutes > 59) return null;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

/** A date as all answers but those of the command history carry it, e.g. `2024-07-11T20:15:01.123Z`. */
export function formatDate(ms: number): string {
  return new Date(ms).toISOString();
}

/** CommandRow's date (protocol §4.2): UTC, six digits of fraction, no zone letter. */
export function formatDateWithoutZone(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, -1)}000`;
}
