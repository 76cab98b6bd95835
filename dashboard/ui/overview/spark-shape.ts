import type { Spark } from './sparks.ts';

const DAY_MS = 86_400_000;
/** A sensor that is steady is drawn as that, not as noise over the whole height. */
const LEAST_SPAN = 8;
const MARGIN = 3;
export const WIDTH = 120;
export const HEIGHT = 36;

export interface SparkShape {
  /** Points of an SVG polyline. */
  readonly line: string;
  readonly least: number;
  readonly most: number;
}

/** The 24 hours before `until` (ms UTC) as a line in a box of WIDTH by HEIGHT. */
export function sparkShape(points: Spark['points'], until: number): SparkShape {
  const values = points.map(([, value]) => value);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const middle = (least + most) / 2;
  const span = Math.max(LEAST_SPAN, most - least);
  const from = until - DAY_MS;
  const line = points.map(([at, value]) => {
    const x = ((at - from) / DAY_MS) * WIDTH;
    const y = HEIGHT / 2 - ((value - middle) / span) * (HEIGHT - 2 * MARGIN);
    return `${Math.max(0, Math.min(WIDTH, x)).toFixed(1)},${y.toFixed(1)}`;
  });
  return { line: line.join(' '), least, most };
}
