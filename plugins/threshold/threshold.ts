import type { AgentType, Because, Decision, EndedJob, Reading } from '@ripe-iot/node-red-ripe/agent';
import { onFor } from '../shared/on-for.ts';
import { because, explanations } from './explanations.ts';
import { comebackValue, comparedValue, isBack, isBeyond, neverStarts } from './limit.ts';
import { rendered, uiState } from './rendering.ts';
import { type ThresholdSettings, thresholdControls } from './settings.ts';
import { pauseEnd, type ThresholdState, type ThresholdView, UNTOUCHED } from './state.ts';

type Answer = Decision<ThresholdState>;

/** Runs of this length and less are refused: a pump only wears out by them (protocol §6.1). */
const TOO_SHORT_MS = 5_000;
/** A command may name any number of seconds; the hard limit ends the run long before. */
const LONGEST_COMMAND_MS = 86_400_000;
const BUTTON_STEP_SECONDS = 30;

const threshold: AgentType<ThresholdState, ThresholdSettings> = {
  name: 'ThresholdAgent',
  version: '1.0.0',
  apiVersion: 1,
  settings: thresholdControls,
  neutral: 0,
  limits: { longestRunMs: 3_600_000, dailyBudgetMs: 14_400_000 },
  explanations,
  start: () => UNTOUCHED,

  decide(event, view) {
    // The end of a run counts also for an agent that is switched off: its pause and its text go by it.
    if (event.type === 'jobEnded') return onJobEnded(event.job, view);
    if (!view.settings.active) return { ...neutral(view), because: because('inactive') };
    switch (event.type) {
      case 'reading':
        return onReading(event.reading, view);
      case 'forced':
        return event.payload > 0 ? onCommand(event.payload, view) : onOff(view);
      case 'settings':
        // A new limit or metric is judged anew, whatever the old one had started.
        return {
          ...neutralUnlessRunning(view),
          state: { ...view.state, isSpent: false },
          because: because('ready'),
        };
      default:
        return { ...neutralUnlessRunning(view), because: because(view.job === null ? 'ready' : 'busy') };
    }
  },

  render: (view) => ({
    decorator: { TimePane: BUTTON_STEP_SECONDS },
    state: uiState(view),
    rendered: rendered(view),
  }),
};

export default threshold;

function onReading(reading: Reading, view: ThresholdView): Answer {
  const value = comparedValue(reading, view.settings);
  if (value === null) return { because: because('noValue', { metric: view.settings.metric }) };
  // Also during a run and a pause: who has been back once has been back.
  const isSpent = view.state.isSpent && !isBack(value, view.settings);
  const state = { ...view.state, isSpent };
  const skip = reasonToSkip(value, { ...view, state });
  if (skip === null) return startByData(value, view);
  return isSpent === view.state.isSpent ? { because: skip } : { state, because: skip };
}

function reasonToSkip(value: number, view: ThresholdView): Because | null {
  const { settings, now } = view;
  const { metric, minThreshold: limit, actionDurationMs } = settings;
  if (view.job !== null) return because('busy');
  if (neverStarts(settings)) return because('neverBelowZero');
  if (!isBeyond(value, settings)) {
    return because(settings.direction === 'below' ? 'notBelow' : 'notAbove', { metric, value, limit });
  }
  const pause = pauseEnd(view);
  if (pause !== null) return because('coolingDown', { seconds: Math.ceil((pause - now) / 1000) });
  if (settings.hysteresis > 0 && view.state.isSpent) {
    return because('notBack', { metric, value, needed: comebackValue(settings) });
  }
  return actionDurationMs <= TOO_SHORT_MS ? because('tooShort', { seconds: actionDurationMs / 1000 }) : null;
}

function startByData(value: number, { state, settings, now }: ThresholdView): Answer {
  const { metric, direction, minThreshold: limit, actionDurationMs } = settings;
  return {
    // The end that is planned, so that the pause also holds while the report of the real end is on its way.
    state: { ...state, startedBy: 'data', restsFrom: now + actionDurationMs, isSpent: true },
    job: onFor(actionDurationMs, settings.supply),
    because: because(direction, { metric, value, limit, seconds: actionDurationMs / 1000 }),
  };
}

/** Also in the place of a running job: what is shown and what runs are the same (protocol §6.1 FIX b). */
function onCommand(payload: number, { state, settings, now }: ThresholdView): Answer {
  const durationMs = Math.min(Math.round(payload * 1000), LONGEST_COMMAND_MS);
  const seconds = durationMs / 1000;
  if (durationMs <= TOO_SHORT_MS) return { because: because('tooShort', { seconds }) };
  return {
    state: { ...state, startedBy: 'command', restsFrom: now },
    job: onFor(durationMs, settings.supply),
    because: because('forced', { seconds }),
  };
}

function onOff({ state, job, now }: ThresholdView): Answer {
  if (job === null) return { because: because('nothingRuns') };
  const restsFrom = state.startedBy === 'data' ? now : state.restsFrom;
  return { state: { ...state, restsFrom }, job: 'cancel', because: because('stopped') };
}

function onJobEnded(job: EndedJob, { state, job: running }: ThresholdView): Answer {
  const isSuperseded = job.reason === 'replaced' || (running !== null && running.id !== job.id);
  if (isSuperseded) return { because: because('superseded') };
  const isByData = state.startedBy === 'data';
  const hasRun = job.outcome !== 'refused' && job.startedAt !== null;
  return {
    state: {
      ...state,
      restsFrom: isByData ? job.endedAt : state.restsFrom,
      lastEndedAt: hasRun ? job.endedAt : state.lastEndedAt,
      isSpent: state.isSpent && (hasRun || !isByData),
    },
    because:
      job.outcome === 'finished' ? because('finished') : because(job.outcome, { reason: job.reason ?? '–' }),
  };
}

function neutral(view: ThresholdView): Pick<Answer, 'hold' | 'job'> {
  return view.job === null ? neutralUnlessRunning(view) : { job: 'cancel' };
}

/** A value that nobody has planned, e.g. one that an earlier version held, must not stay. */
function neutralUnlessRunning({ job, value }: ThresholdView): Pick<Answer, 'hold'> {
  return job === null && value !== 0 ? { hold: 0 } : {};
}
