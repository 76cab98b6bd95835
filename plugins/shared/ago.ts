import type { Locale } from '@ripe-iot/node-red-ripe/agent';

const UNITS = [
  { ms: 86_400_000, name: { en: 'd', de: 'Tg.' } },
  { ms: 3_600_000, name: { en: 'h', de: 'Std.' } },
  { ms: 60_000, name: { en: 'min', de: 'Min.' } },
] as const;

/** How long ago something was, e.g. `12 min ago`. Never negative: clocks are set back, and a run may still be on. */
export function ago(ms: number, locale: Locale): string {
  const unit = UNITS.find((candidate) => ms >= candidate.ms);
  if (unit === undefined) return locale === 'de' ? 'gerade eben' : 'just now';
  const span = `${Math.floor(ms / unit.ms)} ${unit.name[locale]}`;
  return locale === 'de' ? `vor ${span}` : `${span} ago`;
}
