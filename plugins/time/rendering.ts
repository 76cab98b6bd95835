import type { Locale, UiState } from '@ripe-iot/node-red-ripe/agent';
import { clockTime, dayTimeText } from '../shared/clock-time.ts';
import { type DailyWindow, usedWindows } from './settings.ts';
import { currentState, isAlwaysOn, isOn, type TimeView } from './state.ts';
import { DAY_MS } from './wall-clock.ts';
import { occurrences } from './windows.ts';

const TEXTS = {
  en: {
    inactive: 'switched off',
    always: 'always on',
    on: 'on until',
    forced: 'switched on until',
    stopped: 'switched off until',
    ready: 'off',
  },
  de: {
    inactive: 'ausgeschaltet',
    always: 'immer an',
    on: 'an bis',
    forced: 'eingeschaltet bis',
    stopped: 'ausgeschaltet bis',
    ready: 'aus',
  },
} as const;

export function uiState(view: TimeView): UiState {
  if (!view.settings.active) return 'Disabled';
  const state = currentState(view);
  if (state.mode === 'stopped') return { Stopped: state.until };
  if (!isOn(view)) return 'Ready';
  // The job may run on into a window; a hard limit may have cut it.
  if (state.mode === 'forced') return { Forced: Math.min(state.until, view.job?.endsAt ?? state.until) };
  return { Executing: view.job?.endsAt ?? dayEnd(view) };
}

/** E.g. `20:00–08:00 · on until 08:00`, by the clock of the person who reads it. */
export function rendered(view: TimeView): string {
  return `${windowTexts(view).join(', ')} · ${doing(view, view.locale)}`;
}

function doing(view: TimeView, locale: Locale): string {
  const texts = TEXTS[locale];
  const state = uiState(view);
  if (state === 'Disabled') return texts.inactive;
  if (typeof state === 'string') return texts.ready;
  if ('Stopped' in state) return `${texts.stopped} ${clockTime(state.Stopped, view.timeZone)}`;
  if ('Forced' in state) return `${texts.forced} ${clockTime(state.Forced, view.timeZone)}`;
  if (isAlwaysOn(view.settings)) return texts.always;
  return `${texts.on} ${clockTime(state.Executing, view.timeZone)}`;
}

function windowTexts({ settings, now, timeZone }: TimeView): string[] {
  const used = usedWindows(settings);
  const shown = used.length > 0 ? used : [{ start: settings.start, durationMs: 0 }];
  return shown.map((window) => windowText(window, now, timeZone));
}

function windowText(window: DailyWindow, now: number, timeZone: string): string {
  const { start, durationMs } = window;
  if (start.zone === timeZone) {
    return `${dayTimeText(start.ms)}–${dayTimeText((start.ms + durationMs) % DAY_MS)}`;
  }
  const { from, to } = currentOrNext(window, now);
  return `${clockTime(from, timeZone)}–${clockTime(to, timeZone)}`;
}

/** Something that is always on has no end; its day by the window's own clock has one. */
function dayEnd({ settings, now }: TimeView): number {
  const window = usedWindows(settings).find(({ durationMs }) => durationMs >= DAY_MS);
  return window === undefined ? now + DAY_MS : currentOrNext(window, now).to;
}

function currentOrNext(window: DailyWindow, now: number): { from: number; to: number } {
  return occurrences(window, now).find(({ to }) => to > now) ?? { from: now, to: now };
}
