import { simulatedTimeText } from '../timing.ts';
import type { VirtualSensor } from '../virtual-sensor.ts';
import type { Paint } from './ansi.ts';
import { GAP, layOut, type Row } from './columns.ts';
import { cutText, fitText } from './text-width.ts';

export interface Picture {
  readonly url: string;
  readonly speed: number;
  readonly simulatedSeconds: number;
  readonly lightLux: number;
  readonly sensors: readonly VirtualSensor[];
  /** real, ms */
  readonly now: number;
  /** What is going on beside the sensors; empty: nothing. */
  readonly notice: string;
}

export interface Screen {
  readonly columns: number;
  readonly rows: number;
}

/** Headline, table and footer; every line fits the screen, and all of them together do. */
export function renderPicture(picture: Picture, screen: Screen, paint: Paint): string[] {
  // A line that fills the last cell makes some terminals start another one.
  const width = Math.max(20, screen.columns - 1);
  const head = headline(picture, width, paint);
  const foot = [paint(cutText(picture.notice || 'Ctrl-C ends the simulation.', width), 'dim')];
  // The title of the columns, the cursor's own line, and the blank ones.
  const room = Math.max(1, screen.rows - head.length - foot.length - 4);
  return [...head, '', ...renderTable(picture, width, room, paint), '', ...foot];
}

function headline(picture: Picture, width: number, paint: Paint): string[] {
  const online = picture.sensors.filter(({ isOnline }) => isOnline).length;
  const state = [
    `${simulatedTimeText(picture.simulatedSeconds)} (${picture.speed}× real time)`,
    picture.lightLux > 0 ? `sun ${(picture.lightLux / 1000).toFixed(1)} klx` : 'night',
    `${online} of ${picture.sensors.length} online`,
  ];
  return [
    paint(cutText(`RIPE simulated garden at ${picture.url}`, width), 'bold'),
    cutText(state.join(' · '), width),
  ];
}

export function renderTable(picture: Picture, width: number, room: number, paint: Paint): string[] {
  const all = picture.sensors.map(
    (sensor): Row => ({ sensor, lightLux: picture.lightLux, now: picture.now }),
  );
  const shown = all.length > room ? all.slice(0, Math.max(0, room - 1)) : all;
  const layout = layOut(shown, width);
  const gap = ' '.repeat(GAP);
  const titles = layout.map(({ column, width: cells }) => fitText(column.title, cells, column.align));
  const lines = shown.map((row) =>
    layout.map(({ column, width: cells }) => column.cell(row, cells, paint)).join(gap),
  );
  const hidden = all.length - shown.length;
  const more = hidden > 0 ? [paint(cutText(`… and ${hidden} more`, width), 'dim')] : [];
  return [paint(titles.join(gap).trimEnd(), 'dim'), ...lines, ...more];
}
