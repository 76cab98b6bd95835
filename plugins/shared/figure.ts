import type { Locale } from '@ripe-iot/node-red-ripe/agent';

/** A measured figure with at most one decimal, e.g. `21.5` or `21,5`. */
export function figure(value: number, locale: Locale): string {
  const text = String(Number(value.toFixed(1)));
  return locale === 'de' ? text.replace('.', ',') : text;
}
