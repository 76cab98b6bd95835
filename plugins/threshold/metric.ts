import type { Locale, Metric, Reading, Text } from '@ripe-iot/node-red-ripe/agent';
import { figure } from '../shared/figure.ts';

const KNOWN: Readonly<Record<Metric, { readonly unit: string; readonly name: Text }>> = {
  battery: { unit: '%', name: { en: 'battery', de: 'Batterie' } },
  moisture: { unit: '%', name: { en: 'moisture', de: 'Feuchte' } },
  temperature: { unit: '°C', name: { en: 'temperature', de: 'Temperatur' } },
  humidity: { unit: '%', name: { en: 'humidity', de: 'Luftfeuchte' } },
  carbon: { unit: 'ppm', name: { en: 'carbon dioxide', de: 'CO₂' } },
  conductivity: { unit: 'µS/cm', name: { en: 'conductivity', de: 'Leitfähigkeit' } },
  light: { unit: 'lx', name: { en: 'light', de: 'Licht' } },
};

/** What the reading says about a known or further metric; null where it says nothing. */
export function measured(reading: Reading, metric: string): number | null {
  if (isKnown(metric)) return reading[metric];
  const { extra } = reading;
  return extra !== undefined && Object.hasOwn(extra, metric) ? (extra[metric] ?? null) : null;
}

export function metricName(metric: string, locale: Locale): string {
  return isKnown(metric) ? KNOWN[metric].name[locale] : metric;
}

/** A figure of the metric with its unit, e.g. `34 %`. */
export function quantity(value: number, metric: string, locale: Locale): string {
  return isKnown(metric) ? `${figure(value, locale)} ${KNOWN[metric].unit}` : figure(value, locale);
}

function isKnown(metric: string): metric is Metric {
  return Object.hasOwn(KNOWN, metric);
}
