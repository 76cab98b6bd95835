import type { Band, Span } from '../data/history.ts';

/** A run of seconds is to be seen in a month, too. */
const LEAST_WIDTH_PERCENT = 0.4;

/** Where a band begins on the time axis, and how wide it is, in %. */
export interface Bar {
  readonly band: Band;
  readonly left: number;
  readonly width: number;
  /** It goes on. */
  readonly isOpen: boolean;
}

/** The bands of one agent that are to be seen within a span. */
export function barsOf(bands: readonly Band[], domain: string, span: Span, now: number): Bar[] {
  return bands.flatMap((band) => {
    const end = band.until ?? now;
    if (band.domain !== domain || end < span.from || band.from >= span.until) return [];
    const percent = (at: number) =>
      Math.max(0, Math.min(100, ((at - span.from) / (span.until - span.from)) * 100));
    const left = percent(band.from);
    const width = Math.max(LEAST_WIDTH_PERCENT, percent(end) - left);
    // One that has just begun is at the very end.
    return [{ band, left: Math.min(left, 100 - width), width, isOpen: band.until === null }];
  });
}
