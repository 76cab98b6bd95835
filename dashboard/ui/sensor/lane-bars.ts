import type { Band, Span } from '../data/history.ts';
import { type CloseBands, closeBands } from './close-bands.ts';

/** A run of seconds is to be seen in a month, too. */
const LEAST_WIDTH_PERCENT = 0.4;

/** Where a band begins on the time axis, and how wide it is, in %. */
export interface Bar {
  readonly band: CloseBands;
  readonly left: number;
  readonly width: number;
  /** It goes on. */
  readonly isOpen: boolean;
}

/** The bands of one agent that are to be seen within a span. */
export function barsOf(bands: readonly Band[], domain: string, span: Span, now: number): Bar[] {
  const length = span.until - span.from;
  const seen = bands.filter(
    (band) => band.domain === domain && (band.until ?? now) >= span.from && band.from < span.until,
  );
  return closeBands(seen, (length * LEAST_WIDTH_PERCENT) / 100, now).map((band) => {
    const percent = (at: number) => Math.max(0, Math.min(100, ((at - span.from) / length) * 100));
    const left = percent(band.from);
    const width = Math.max(LEAST_WIDTH_PERCENT, percent(band.until ?? now) - left);
    // One that has just begun is at the very end.
    return { band, left: Math.min(left, 100 - width), width, isOpen: band.until === null };
  });
}
