import type { Metric } from '../data/shapes.ts';

export type Language = 'en' | 'de';

const UNITS: Readonly<Record<Metric, string>> = {
  moisture: '%',
  temperature: '°C',
  humidity: '%',
  light: 'lx',
  conductivity: 'µS/cm',
  carbon: 'ppm',
  battery: '%',
};

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Figures and times as people of a language write them. */
export class Format {
  readonly language: Language;
  readonly locale: string;
  readonly #number: Intl.NumberFormat;
  readonly #tenths: Intl.NumberFormat;
  readonly #age: Intl.RelativeTimeFormat;

  /** `locale`: how the person's part of the world writes dates, e.g. `en-GB`. */
  constructor(language: Language, locale: string = language) {
    this.language = language;
    this.locale = locale;
    this.#number = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
    this.#tenths = new Intl.NumberFormat(locale, { maximumFractionDigits: 1, minimumFractionDigits: 1 });
    this.#age = new Intl.RelativeTimeFormat(locale, { style: 'short', numeric: 'auto' });
  }

  /** A whole number, or with one decimal where that matters. */
  figure(metric: Metric, value: number): string {
    return metric === 'temperature' ? this.#tenths.format(value) : this.#number.format(value);
  }

  unit(metric: Metric): string {
    return UNITS[metric];
  }

  quantity(metric: Metric, value: number): string {
    return `${this.figure(metric, value)} ${UNITS[metric]}`;
  }

  plain(value: number): string {
    return new Intl.NumberFormat(this.locale, { maximumFractionDigits: 2 }).format(value);
  }

  /** `2 min. ago`; what is of this minute is of now. */
  age(ms: number): string {
    if (ms < MINUTE_MS) return this.#age.format(0, 'second');
    if (ms < HOUR_MS) return this.#age.format(-Math.floor(ms / MINUTE_MS), 'minute');
    if (ms < DAY_MS) return this.#age.format(-Math.floor(ms / HOUR_MS), 'hour');
    return this.#age.format(-Math.floor(ms / DAY_MS), 'day');
  }

  /** What is left, to the second: `4:12`, `1:05:00`. */
  countdown(ms: number): string {
    const seconds = Math.max(0, Math.ceil(ms / 1000));
    const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
    const tail = String(rest).padStart(2, '0');
    return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${tail}` : `${minutes}:${tail}`;
  }

  /** A length of time: `90 s`, `5 min`, `1 h 30 min`. */
  duration(ms: number): string {
    const seconds = Math.round(ms / 1000);
    if (seconds < 60 || (seconds < 600 && seconds % 60 !== 0)) return `${seconds} s`;
    const minutes = Math.round(seconds / 60);
    if (minutes < 60) return `${minutes} min`;
    const rest = minutes % 60;
    return rest === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${rest} min`;
  }

  time(at: number): string {
    return new Date(at).toLocaleTimeString(this.locale, { hour: '2-digit', minute: '2-digit' });
  }

  /** With the day, unless that is today, and with the year, unless that is this one. */
  moment(at: number, now: number): string {
    const [date, today] = [new Date(at), new Date(now)];
    if (date.toDateString() === today.toDateString()) return this.time(at);
    return date.toLocaleString(this.locale, {
      ...(date.getFullYear() === today.getFullYear() ? {} : { year: 'numeric' }),
      day: 'numeric',
      month: 'short',
      hour: '2-digit',
      minute: '2-digit',
    });
  }

  day(at: number): string {
    return new Date(at).toLocaleDateString(this.locale, {
      day: 'numeric',
      month: 'short',
      year: 'numeric',
    });
  }
}

/** `01_Water` is called Water. */
export function agentTitle(domain: string): string {
  const bare = domain
    .replace(/^\d+[_-]/, '')
    .replaceAll('_', ' ')
    .trim();
  return bare === '' ? domain : bare;
}
