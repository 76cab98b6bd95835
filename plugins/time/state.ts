import type { AgentView } from '@ripe-iot/node-red-ripe/agent';
import type { TimeSettings } from './settings.ts';
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

export function isAlwaysOn(settings: TimeSettings): boolean {
  const { durationMs, secondDurationMs, thirdDurationMs } = settings;
  return Math.max(durationMs, secondDurationMs, thirdDurationMs) >= DAY_MS;
}
