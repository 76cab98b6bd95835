import type { VirtualSensor } from '../virtual-sensor.ts';
import type { Paint, Tone } from './ansi.ts';
import { cutText, fitText, textWidth } from './text-width.ts';

export interface Row {
  readonly sensor: VirtualSensor;
  readonly lightLux: number;
  /** real, ms */
  readonly now: number;
}

export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
  /** Its narrowest form. */
  readonly least: number;
  /** How much more room it makes use of. */
  readonly most: (rows: readonly Row[]) => number;
  readonly cell: (row: Row, width: number, paint: Paint) => string;
}

export const GAP = 2;

/** Which columns a width has room for, and how wide each is. Needs go by rank, shown order is the list's own. */
export function layOut(rows: readonly Row[], width: number): { column: Column; width: number }[] {
  let room = width + GAP;
  const widths = new Map<Column, number>();
  for (const column of BY_RANK) {
    if (room < column.least + GAP) continue;
    widths.set(column, column.least);
    room -= column.least + GAP;
  }
  for (const column of GROWING) {
    const least = widths.get(column);
    if (least === undefined) continue;
    const more = Math.max(0, Math.min(room, column.most(rows) - least));
    widths.set(column, least + more);
    room -= more;
  }
  return SHOWN.flatMap((column) => {
    const chosen = widths.get(column);
    return chosen === undefined ? [] : [{ column, width: chosen }];
  });
}

const name: Column = {
  title: 'Name',
  align: 'left',
  least: 8,
  most: (rows) =>
    Math.min(
      40,
      widest(rows, ({ sensor }) => sensor.name),
    ),
  cell: ({ sensor }, width, paint) => paint(fitName(sensor.name, width), sensor.isOnline ? null : 'dim'),
};

const id = textColumn('ID', 'right', 2, ({ sensor }) => String(sensor.sensor));

const moisture: Column = {
  title: 'Moisture %',
  align: 'left',
  least: 11,
  most: () => 22,
  cell({ sensor }, width, paint) {
    const percent = sensor.soil.moisturePercent;
    const number = percent.toFixed(1).padStart(5);
    return `${number} ${bar(percent, width - 6, moistureTone(sensor), paint)}`;
  },
};

const temperature = textColumn('°C', 'right', 4, ({ sensor }) => sensor.soil.soilCelsius.toFixed(1));
const light = textColumn('Lux', 'right', 5, ({ lightLux }) => String(lightLux));
const pump: Column = {
  ...textColumn('Pump', 'left', 7, pumpText),
  cell: (row, width, paint) => paint(fitText(pumpText(row), width), pumpTone(row.sensor)),
};
const runs = textColumn('Runs', 'right', 4, ({ sensor }) => String(sensor.runs));
const lastEvent: Column = {
  title: 'Last event',
  align: 'left',
  least: 14,
  most: (rows) => widest(rows, ({ sensor }) => sensor.lastEvent),
  cell: ({ sensor }, width, paint) => paint(fitText(sensor.lastEvent, width), 'dim'),
};

const SHOWN = [name, id, moisture, temperature, light, pump, runs, lastEvent];
const BY_RANK = [name, moisture, pump, id, runs, lastEvent, temperature, light];
const GROWING = [id, name, lastEvent, moisture];

function textColumn(
  title: string,
  align: 'left' | 'right',
  least: number,
  text: (row: Row) => string,
): Column {
  return {
    title,
    align,
    least,
    most: (rows) => widest(rows, text),
    cell: (row, width) => fitText(text(row), width, align),
  };
}

/** The number at the end tells neighbours apart, so it is not what a cut takes away. */
function fitName(text: string, width: number): string {
  const number = /\s\d+$/.exec(text)?.[0] ?? '';
  const rest = text.slice(0, text.length - number.length);
  return fitText(cutText(rest, Math.max(0, width - textWidth(number))) + number, width);
}

function widest(rows: readonly Row[], text: (row: Row) => string): number {
  return rows.reduce((most, row) => Math.max(most, textWidth(text(row))), 0);
}

function pumpText({ sensor, now }: Row): string {
  if (!sensor.isOnline) return 'offline';
  if (sensor.pumpOnSince === null) return 'off';
  const seconds = Math.max(0, Math.floor((now - sensor.pumpOnSince) / 1000));
  return seconds < 1000 ? `on ${seconds}s` : `on ${Math.floor(seconds / 60)}m`;
}

function pumpTone(sensor: VirtualSensor): Tone {
  if (!sensor.isOnline) return 'red';
  return sensor.pumpOnSince === null ? 'dim' : 'cyan';
}

function moistureTone(sensor: VirtualSensor): Tone {
  if (sensor.pumpOnSince !== null) return 'cyan';
  return sensor.soil.moisturePercent < 25 ? 'yellow' : 'green';
}

/** Half cells, so that a short bar moves too. */
function bar(percent: number, width: number, tone: Tone, paint: Paint): string {
  const halves = Math.round((Math.min(100, Math.max(0, percent)) / 100) * width * 2);
  const full = '█'.repeat(halves >> 1) + (halves % 2 === 1 ? '▌' : '');
  return paint(full, tone) + paint('·'.repeat(width - full.length), 'dim');
}
