import type { BenchCurves } from './bench-case.ts';

const WIDTH = 640;
const HEIGHT = 320;
const PLOT = { left: 70, right: 460, top: 52, bottom: 270 };
/** Told apart without seeing colours too: by marks and by the legend's order. */
const LOOKS = [
  { color: '#1b7837', mark: '●' },
  { color: '#762a83', mark: '■' },
  { color: '#b35806', mark: '▲' },
  { color: '#2166ac', mark: '◆' },
  { color: '#777777', mark: '+' },
] as const;

/** Draws curves with both axes in powers of ten: what is in proportion is a straight line. Readable on light and dark. */
export function drawChart(curves: BenchCurves): string {
  const points = curves.lines.flatMap((line) => line.points);
  if (points.some(([x, y]) => !(x > 0) || !(y > 0))) throw new RangeError(`${curves.title}: not above 0`);
  const across = axis(points.map(([x]) => x));
  const up = axis(points.map(([, y]) => y));
  const placeX = (x: number) => PLOT.left + across.share(x) * (PLOT.right - PLOT.left);
  const placeY = (y: number) => PLOT.bottom - up.share(y) * (PLOT.bottom - PLOT.top);
  const parts = [
    text(PLOT.left, 20, curves.title, 'font-weight="bold"'),
    ...across.ticks.map((x) => line(placeX(x), PLOT.top, placeX(x), PLOT.bottom)),
    ...across.ticks.map((x) => text(placeX(x), PLOT.bottom + 18, short(x), 'text-anchor="middle"')),
    ...up.ticks.map((y) => line(PLOT.left, placeY(y), PLOT.right, placeY(y))),
    ...up.ticks.map((y) => text(PLOT.left - 8, placeY(y) + 4, short(y), 'text-anchor="end"')),
    text((PLOT.left + PLOT.right) / 2, HEIGHT - 12, curves.x, 'text-anchor="middle"'),
    text(12, PLOT.top - 8, curves.unit),
    ...curves.lines.flatMap((each, index) => drawLine(each, index, placeX, placeY)),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" font-family="sans-serif" font-size="12" fill="#888888">
<title>${escaped(curves.title)}</title>
${parts.join('\n')}
</svg>
`;
}

type Place = (value: number) => number;

function drawLine(
  { name, points }: BenchCurves['lines'][number],
  index: number,
  x: Place,
  y: Place,
): string[] {
  const { color, mark } = LOOKS[index % LOOKS.length] as (typeof LOOKS)[number];
  const path = points.map(([across, up]) => `${round(x(across))},${round(y(up))}`).join(' ');
  const marks = points.map(([across, up]) =>
    text(x(across), y(up) + 4, mark, `text-anchor="middle" fill="${color}"`),
  );
  const legend = text(PLOT.right + 16, PLOT.top + 12 + index * 20, `${mark} ${name}`, `fill="${color}"`);
  return [`<polyline points="${path}" fill="none" stroke="${color}" stroke-width="2"/>`, ...marks, legend];
}

/** From the power of ten below the smallest value to that above the largest. */
function axis(values: readonly number[]): { ticks: number[]; share: Place } {
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))));
  const ticks = Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index));
  return { ticks, share: (value) => (Math.log10(value) - low) / (high - low) };
}

function short(value: number): string {
  return value >= 1_000 || value < 0.01
    ? value.toLocaleString('en-US', { notation: 'compact' })
    : String(value);
}

function text(x: number, y: number, content: string, attributes = ''): string {
  return `<text x="${round(x)}" y="${round(y)}" ${attributes}>${escaped(content)}</text>`;
}

function line(x1: number, y1: number, x2: number, y2: number): string {
  return `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="#888888" stroke-opacity="0.3"/>`;
}

const round = (value: number): number => Math.round(value * 10) / 10;

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
