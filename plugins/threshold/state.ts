import type { AgentView } from '@ripe-iot/node-red-ripe/agent';
import { LONGEST_DATA_RUN_MS, type ThresholdSettings } from './settings.ts';

/** Whether something runs is not kept here: `view.job` knows it, also after a restart. */
export interface ThresholdState {
  /** Who started the newest run. */
  readonly startedBy: 'data' | 'command' | null;
  /** What the pause counts from (ms UTC): the end of a run by data, the start of one by command. */
  readonly restsFrom: number | null;
  /** When the last run ended (ms UTC). */
  readonly lastEndedAt: number | null;
  /** Data has started a run, and the metric has not been back since; matters with a hysteresis only. */
  readonly isSpent: boolean;
}

export type ThresholdView = AgentView<ThresholdState, ThresholdSettings>;

export const UNTOUCHED: ThresholdState = {
  startedBy: null,
  restsFrom: null,
  lastEndedAt: null,
  isSpent: false,
};

/** Until when (ms UTC) data starts nothing, or null. */
export function pauseEnd({ state, settings, now }: ThresholdView): number | null {
  if (state.restsFrom === null) return null;
  // Further ahead than a run can end: the clock was set back since, and would block the agent for as long.
  if (state.restsFrom - now > LONGEST_DATA_RUN_MS) return null;
  const end = state.restsFrom + settings.actionCooldownMs;
  return end > now ? end : null;
}
