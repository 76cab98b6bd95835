import type { Metric } from '../data/shapes.ts';

/** Material Design icons: several metrics are a percentage, and a card has no room for their names. */
export const METRIC_ICONS: Readonly<Record<Metric, string>> = {
  moisture: 'mdi-water',
  temperature: 'mdi-thermometer',
  humidity: 'mdi-water-percent',
  light: 'mdi-white-balance-sunny',
  conductivity: 'mdi-flash-outline',
  carbon: 'mdi-molecule-co2',
  battery: 'mdi-battery',
};
