import type { Band } from '../data/history.ts';

/** Bands that would be drawn over each other, as one; `count`: so many they are. */
export interface CloseBands extends Band {
  readonly count: number;
}

/**
 * Over a year runs of minutes lie closer than they can be drawn: side by side at their least width they would look as if the
 * water had been on for months. `least`: as long as what is drawn at least, in ms; bands are sorted, and of one agent.
 */
export function closeBands(bands: readonly Band[], least: number, now: number): CloseBands[] {
  const found: CloseBands[] = [];
  for (const band of bands) {
    const last = found.at(-1);
    const isClose = last !== undefined && band.from <= drawnEnd(last, least, now);
    if (isClose && isShort(band, least, now) && (last.count > 1 || isShort(last, least, now)))
      found[found.length - 1] = { ...last, until: band.until, count: last.count + 1 };
    else found.push({ ...band, count: 1 });
  }
  return found;
}

function drawnEnd({ from, until, count }: CloseBands, least: number, now: number): number {
  const end = until ?? now;
  return count > 1 ? end + least : Math.max(end, from + least);
}

function isShort({ from, until }: Band, least: number, now: number): boolean {
  return (until ?? now) - from < least;
}
