import process from 'node:process';
import { choosePaint } from './display/ansi.ts';
import { createJsonView, createLineView, createLiveView, type View } from './display/views.ts';
import type { SimulatedGarden } from './garden.ts';
import type { SimulatorOptions } from './options.ts';
import { weatherAt } from './soil.ts';

/** The table where a person looks at it, lines elsewhere, JSON where it is asked for. */
export function chooseView(options: SimulatorOptions, garden: () => SimulatedGarden): View {
  const { stdout, env } = process;
  const write = (text: string) => void stdout.write(text);
  if (options.isJson) return createJsonView({ write });
  if (!stdout.isTTY || env.TERM === 'dumb') return createLineView({ write });
  const terminal = {
    write,
    // Some pseudo terminals have no size.
    size: () => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 }),
    onResize(listener: () => void) {
      stdout.on('resize', listener);
      return () => void stdout.off('resize', listener);
    },
    paint: choosePaint(true, env),
  };
  return createLiveView(terminal, () => ({
    url: options.url,
    speed: options.speed,
    simulatedSeconds: garden().time,
    lightLux: weatherAt(garden().time).lightLux,
    sensors: garden().sensors,
    now: Date.now(),
  }));
}
