import 'uplot/dist/uPlot.min.css';
import UPlot from 'uplot';
import type { Band, Series, Span } from '../data/history.ts';
import { roomFor, timeLabel } from './chart-scale.ts';
import { closeBands } from './close-bands.ts';

export interface ChartColours {
  readonly line: string;
  readonly ink: string;
  readonly grid: string;
  readonly spread: string;
  readonly limit: string;
}

export interface TimeChartOptions {
  readonly width: number;
  readonly height: number;
  readonly language: string;
  readonly colours: ChartColours;
  /** Charts of one key show the same moment. */
  readonly syncKey: string;
  readonly span: Span;
  /** A dashed line, e.g. below which it is dry. */
  readonly limit: number | null;
  readonly bands: () => readonly Band[];
  readonly colourOf: (domain: string) => string;
  readonly now: () => number;
  readonly figure: (value: number) => string;
  readonly onZoom: (span: Span) => void;
  /** The value under the cursor; null: the cursor is elsewhere. */
  readonly onCursor: (at: number | null, value: number | null) => void;
}

/** All charts of a page begin at the same place, so that their times stand below each other. */
export const GUTTER_PX = 46;
/** Room for half of the last time. */
export const END_PX = 24;
const LEAST_ZOOM_MS = 5 * 60_000;
const LEAST_BAND_PX = 2;
/** How strongly a band is drawn, and a time in which there were many. */
const [ON, OFTEN] = [0.28, 0.12];

/** A chart of one metric, with what agents did as bands behind it. */
export function timeChart(element: HTMLElement, series: Series, options: TimeChartOptions): UPlot {
  const { width, height, colours, figure } = options;
  const axis = { stroke: colours.ink, font: '12px system-ui, sans-serif', ticks: { show: false } };
  const grid = { stroke: colours.grid, width: 1 };
  return new UPlot(
    {
      width,
      height,
      padding: [10, END_PX, 0, 0],
      legend: { show: false },
      cursor: {
        sync: { key: options.syncKey },
        drag: { x: true, y: false, setScale: false },
        points: { size: 7 },
      },
      scales: {
        x: { time: true, range: () => [options.span.from / 1000, options.span.until / 1000] },
        y: { range: (_chart, least, most) => roomFor(least, most, options.limit) },
      },
      axes: [
        {
          ...axis,
          grid,
          space: 70,
          size: 26,
          values: (_chart, times, _index, _space, step) =>
            times.map((at) => timeLabel(at * 1000, step ?? 0, options.language)),
        },
        {
          ...axis,
          grid,
          size: GUTTER_PX,
          space: 34,
          values: (_chart, values) => values.map((value) => figure(value)),
        },
      ],
      series: [
        {},
        { stroke: colours.line, width: 2, points: { show: series.times.length < 3 } },
        { stroke: 'transparent', points: { show: false } },
        { stroke: 'transparent', points: { show: false } },
      ],
      ...(series.hasSpread ? { bands: [{ series: [3, 2] as [number, number], fill: colours.spread }] } : {}),
      hooks: {
        drawClear: [(chart) => within(chart, () => drawBands(chart, options))],
        // Over the grid: a limit is often where that has a line, too.
        drawAxes: [(chart) => within(chart, () => drawLimit(chart, options))],
        setSelect: [(chart) => zoom(chart, options)],
        setCursor: [(chart) => tellCursor(chart, series, options)],
      },
    },
    dataOf(series),
    element,
  );
}

export function dataOf({ times, mean, most, least }: Series): UPlot.AlignedData {
  return [times, mean, least, most];
}

/** Draws within the box of the axes only. */
function within(chart: UPlot, draw: () => void): void {
  const { ctx, bbox } = chart;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  draw();
  ctx.restore();
}

function drawBands(chart: UPlot, { bands, colourOf, now, span }: TimeChartOptions): void {
  const { ctx, bbox } = chart;
  const least = ((span.until - span.from) / bbox.width) * LEAST_BAND_PX;
  for (const [domain, each] of Map.groupBy(bands(), (band) => band.domain)) {
    ctx.fillStyle = colourOf(domain);
    for (const band of closeBands(each, least, now())) {
      const from = chart.valToPos(band.from / 1000, 'x', true);
      const until = chart.valToPos((band.until ?? now()) / 1000, 'x', true);
      ctx.globalAlpha = band.count > 1 ? OFTEN : ON;
      ctx.fillRect(from, bbox.top, Math.max(LEAST_BAND_PX, until - from), bbox.height);
    }
  }
}

function drawLimit(chart: UPlot, { limit, colours }: TimeChartOptions): void {
  if (limit === null) return;
  const { ctx, bbox } = chart;
  const y = chart.valToPos(limit, 'y', true);
  ctx.strokeStyle = colours.limit;
  ctx.setLineDash([6, 5]);
  ctx.lineWidth = 1.5;
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
}

function zoom(chart: UPlot, { onZoom }: TimeChartOptions): void {
  const { left, width } = chart.select;
  if (width < 8) return;
  const from = chart.posToVal(left, 'x') * 1000;
  const until = chart.posToVal(left + width, 'x') * 1000;
  chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  if (until - from >= LEAST_ZOOM_MS) onZoom({ from, until });
}

function tellCursor({ cursor }: UPlot, { times, mean }: Series, { onCursor }: TimeChartOptions): void {
  const index = cursor.left !== undefined && cursor.left >= 0 ? cursor.idx : null;
  if (index === null || index === undefined) onCursor(null, null);
  else onCursor((times[index] ?? 0) * 1000, mean[index] ?? null);
}
