import { eventText, type SimulationEvent, shortText } from '../events.ts';
import { simulatedTimeText, timeOfDayText } from '../timing.ts';
import type { VirtualSensor } from '../virtual-sensor.ts';
import { CLEAR_SCREEN, HIDE_CURSOR, overdraw, type Paint, SHOW_CURSOR } from './ansi.ts';
import { type Picture, renderPicture } from './table.ts';

/** Shows a simulation as it runs. Every view gets every event; `close` leaves the terminal as it was. */
export interface View {
  event(event: SimulationEvent, simulatedSeconds: number, sensor?: VirtualSensor): void;
  close(): void;
}

export interface Output {
  readonly write: (text: string) => void;
}

/** One JSON object per line, for scripts. */
export function createJsonView({ write }: Output): View {
  return {
    event(event, seconds) {
      const when = { at: new Date().toISOString(), simulated: simulatedTimeText(seconds) };
      write(`${JSON.stringify({ ...when, ...event })}\n`);
    },
    close() {},
  };
}

/** One line per event, for logs and pipes. Readings would drown the rest. */
export function createLineView({ write }: Output): View {
  return {
    event(event, seconds) {
      if (event.event === 'reading') return;
      write(`${simulatedTimeText(seconds)}  ${noticeOf(event)}\n`);
    },
    close() {},
  };
}

export interface Terminal extends Output {
  readonly size: () => { readonly columns: number; readonly rows: number };
  /** Returns what ends the listening. */
  readonly onResize: (listener: () => void) => () => void;
  readonly paint: Paint;
}

const FRAME_MS = 250;

/** The table, redrawn in place. */
export function createLiveView(terminal: Terminal, picture: () => Omit<Picture, 'notice'>): View {
  let drawn = 0;
  let notice = '';
  const afterwards: string[] = [];
  const draw = () => {
    const lines = renderPicture({ ...picture(), notice }, terminal.size(), terminal.paint);
    terminal.write(overdraw(lines, drawn));
    drawn = lines.length;
  };
  const timer = setInterval(draw, FRAME_MS);
  const stopResize = terminal.onResize(() => {
    // The terminal has wrapped the old lines, so how many there are is unknown.
    terminal.write(CLEAR_SCREEN);
    drawn = 0;
    draw();
  });
  terminal.write(HIDE_CURSOR);
  return {
    event(event, seconds, sensor) {
      if (event.event === 'reading' || event.event === 'started') return;
      if (sensor !== undefined) sensor.lastEvent = `${timeOfDayText(seconds)} ${shortText(event)}`;
      notice = sensor === undefined ? noticeOf(event) : '';
      if (event.event === 'notDeleted') afterwards.push(notice);
    },
    close() {
      clearInterval(timer);
      stopResize();
      draw();
      terminal.write(SHOW_CURSOR + afterwards.map((line) => `${line}\n`).join(''));
    },
  };
}

function noticeOf(event: SimulationEvent): string {
  return 'name' in event ? `${event.name} (${event.sensor}): ${eventText(event)}` : eventText(event);
}
