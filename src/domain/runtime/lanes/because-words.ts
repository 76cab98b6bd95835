import { parseDate } from '../../time/dates.ts';
import { localTime } from '../../time/local-time.ts';
import type { Locale } from '../../time/zones.ts';
import type { Asker } from './asker.ts';

type Words = Readonly<Record<Locale, Readonly<Record<string, string>>>>;

/** What is measured, as it is called within a sentence. */
const METRICS: Words = {
  en: { carbon: 'carbon dioxide' },
  de: {
    battery: 'Batterie',
    moisture: 'Feuchte',
    temperature: 'Temperatur',
    humidity: 'Luftfeuchte',
    carbon: 'CO₂',
    conductivity: 'Leitfähigkeit',
    light: 'Licht',
  },
};

/** Why RIPE ends a run, or begins none: jobs keep it as a word. */
const REASONS: Words = {
  en: {
    decided: 'as it decided',
    parked: 'its plugin is missing',
    removed: 'the agent was removed',
    restart: 'RIPE was restarted',
    'dropped on the wire': 'no node on the wire has answered',
    quarantined: 'its plugin has failed too often',
  },
  de: {
    decided: 'so hat er entschieden',
    parked: 'sein Plugin fehlt',
    removed: 'der Agent wurde entfernt',
    restart: 'RIPE wurde neu gestartet',
    cancelled: 'auf Wunsch',
    replaced: 'von einem anderen ersetzt',
    refused: 'nicht angenommen',
    'too late': 'zu spät',
    'locked out': 'gesperrt',
    'stopped by hand': 'von Hand angehalten',
    'dropped on the wire': 'kein Node auf dem Draht hat geantwortet',
    quarantined: 'sein Plugin ist zu oft gescheitert',
    'the store did not take it': 'der Speicher hat ihn nicht genommen',
    'longest run': 'längster Lauf',
    'shortest pause': 'kürzeste Pause',
    'daily budget': 'Tagesbudget',
    'longest hold': 'längstes Halten',
  },
};

const DECIMALS = 2;
/** Shorter than that, seconds are how people count. */
const SHORT_S = 120;
/** Up to here a time that is no whole minute is told in seconds. */
const EXACT_S = 600;

/** A figure, a moment or a word of a reason, as a person reads it in their language and by their clock. */
export function told(name: string, value: unknown, { locale, timeZone }: Asker): unknown {
  if (typeof value === 'number') return figure(value, locale);
  if (typeof value !== 'string') return value;
  if (name === 'metric') return wordOf(METRICS, value, locale);
  if (name === 'reason') return wordOf(REASONS, value, locale);
  const at = parseDate(value);
  return at === null ? value : clock(at, timeZone);
}

/** A length of time: `90 s`, `5 min`, `1 h 30 min`. */
export function duration(seconds: number, locale: Locale): string {
  if (seconds < SHORT_S || (seconds < EXACT_S && seconds % 60 !== 0)) return `${figure(seconds, locale)} s`;
  const minutes = Math.round(seconds / 60);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (hours === 0) return `${rest} min`;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}

function figure(value: number, locale: Locale): string {
  const text = String(Number(value.toFixed(DECIMALS)));
  return locale === 'de' ? text.replace('.', ',') : text;
}

function wordOf(words: Words, key: string, locale: Locale): string {
  return Object.hasOwn(words[locale], key) ? (words[locale][key] ?? key) : key;
}

/** `22:30`; to who has named no zone a moment is told in full. */
function clock(at: number, zone: string): string {
  if (zone === 'UTC') return `${new Date(at).toISOString().slice(0, 19)}Z`;
  const { hour, minute } = localTime(at, zone);
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}
