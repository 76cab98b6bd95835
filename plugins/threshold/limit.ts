import type { Reading } from '@ripe-iot/node-red-ripe/agent';
import { measured } from './metric.ts';
import type { ThresholdSettings } from './settings.ts';

/**
 * The figure that is compared with the limit. Moisture that is to be below it is cut to an integer, negative to 0
 * (protocol §6.1); every other use takes the figure as it is: -3 °C is not 0 °C, and 20.4 is above 20.
 */
export function comparedValue(reading: Reading, { metric, direction }: ThresholdSettings): number | null {
  const value = measured(reading, metric);
  if (value === null || metric !== 'moisture' || direction !== 'below') return value;
  return Math.max(0, Math.trunc(value));
}

export function isBeyond(value: number, { direction, minThreshold }: ThresholdSettings): boolean {
  return direction === 'below' ? value < minThreshold : value > minThreshold;
}

/** The figure that the metric has to come back to before data may start another run. */
export function comebackValue({ direction, minThreshold, hysteresis }: ThresholdSettings): number {
  return direction === 'below' ? minThreshold + hysteresis : minThreshold - hysteresis;
}

export function isBack(value: number, settings: ThresholdSettings): boolean {
  const needed = comebackValue(settings);
  return settings.direction === 'below' ? value >= needed : value <= needed;
}

/** A limit of 0 is how the app says "only by hand" (protocol §6.1). */
export function neverStarts({ direction, minThreshold }: ThresholdSettings): boolean {
  return direction === 'below' && minThreshold === 0;
}
