import type { AgentView } from '@ripe-iot/node-red-ripe/agent';
import { type DailyWindow, type TimeSettings, usedWindows } from './settings.ts';
import { DAY_MS } from './wall-clock.ts';

/** Who says whether it is on: the clock, or until a moment (ms UTC) a person. */
export type TimeState =
  | { readonly mode: 'clock' }
  | { readonly mode: 'forced' | 'stopped'; readonly until: number };

export type TimeView = AgentView<TimeState, TimeSettings>;

export const BY_CLOCK: TimeState = { mode: 'clock' };

/** The state as of now: what a person said ends by itself. */
export function currentState({ state, now }: TimeView): TimeState {
  if (state.mode === 'clock') return state;
  // More than a day ahead: no command reaches so far, so the clock was set back since.
  return state.until > now && state.until - now <= DAY_MS ? state : BY_CLOCK;
}

export function isOn({ job, value }: TimeView): boolean {
  return job !== null || value !== 0;
}

/** One window of 24 h, or several of one zone that leave no gap: neither has an end that a run could be cut at. */
export function isAlwaysOn(settings: TimeSettings): boolean {
  const windows = usedWindows(settings);
  if (windows.some(({ durationMs }) => durationMs >= DAY_MS)) return true;
  const [first] = windows;
  return (
    first !== undefined && windows.every(({ start }) => start.zone === first.start.zone) && fillDay(windows)
  );
}

function fillDay(windows: readonly DailyWindow[]): boolean {
  const sorted = windows.toSorted((a, b) => a.start.ms - b.start.ms);
  const first = sorted[0] as DailyWindow;
  let reached = first.start.ms;
  for (const { start, durationMs } of sorted) {
    if (start.ms > reached) return false;
    reached = Math.max(reached, start.ms + durationMs);
  }
  return reached >= first.start.ms + DAY_MS;
}
