import type { BenchRow } from './bench-case.ts';

/** The smallest value that at least `percent` of all values do not exceed (nearest rank). */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = Math.max(1, Math.ceil((percent / 100) * sorted.length));
  const value = sorted[rank - 1];
  if (value === undefined) throw new RangeError('No values to take a percentile of');
  return value;
}

export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** p50, p95 and max of one series. */
export function spreadRows(name: string, values: readonly number[], unit: string): BenchRow[] {
  return [
    { name: `${name}, p50`, value: percentile(values, 50), unit },
    { name: `${name}, p95`, value: percentile(values, 95), unit },
    { name: `${name}, max`, value: percentile(values, 100), unit },
  ];
}

/** How many times as much a value is as its baseline of the same run. */
export function ratioRow(name: string, value: number, baseline: number): BenchRow {
  if (!(baseline > 0)) throw new RangeError(`${name}: the baseline is ${baseline}, so there is no ratio`);
  return { name, value: value / baseline, unit: '×' };
}

/** By how much y grows with each x: the line of least squares. */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanX, meanY] = [meanOf(points.map(([x]) => x)), meanOf(points.map(([, y]) => y))];
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  if (!(spread > 0)) throw new RangeError('No line through a single point');
  return points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread;
}

/** The power with which y grows with x, from the slope in a log-log plot: 1 is in proportion, 2 is square. */
export function growthExponent(points: readonly (readonly [x: number, y: number])[]): number {
  return slope(points.map(([x, y]) => [Math.log(x), Math.log(y)]));
}

/** How something grows with each x, as a row; none from a single point. */
export function growthRows(name: string, points: readonly (readonly [x: number, y: number])[]): BenchRow[] {
  if (points.length < 2) return [];
  return [{ name: `growth exponent: ${name}`, value: growthExponent(points), unit: '' }];
}
