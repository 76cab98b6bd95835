import type { AgentType, Because, Decision, EndedJob } from '@ripe-iot/node-red-ripe/agent';
import { onFor } from '../shared/on-for.ts';
import { because, explanations, moment } from './explanations.ts';
import { rendered, uiState } from './rendering.ts';
import { type TimeSettings, timeControls, usedWindows } from './settings.ts';
import { BY_CLOCK, currentState, isAlwaysOn, isOn, type TimeState, type TimeView } from './state.ts';
import { DAY_MS } from './wall-clock.ts';
import { allSpans, mergeSpans, nextOpening, openUntil, reachFrom, type Span } from './windows.ts';

type Answer = Decision<TimeState>;

const BUTTON_STEP_SECONDS = 60;
/** A job whose end is this close to the wanted one is left alone: it started a moment after it was planned. */
const SAME_END_MS = 1000;

/** One object for all readings: thousands of agents are asked about each of them. */
const UNAFFECTED: Answer = { because: because('unaffected') };

const time: AgentType<TimeState, TimeSettings> = {
  name: 'TimeAgent',
  version: '1.0.0',
  apiVersion: 1,
  settings: timeControls,
  neutral: 0,
  limits: { longestRunMs: DAY_MS },
  explanations,
  start: () => BY_CLOCK,

  decide(event, view) {
    if (event.type === 'reading') return UNAFFECTED;
    if (!view.settings.active) return switchOff(view);
    switch (event.type) {
      case 'forced':
        return onCommand(event.payload, view);
      case 'settings':
        return follow(BY_CLOCK, view);
      case 'jobEnded':
        return onJobEnded(event.job, view);
      default:
        return follow(currentState(view), view);
    }
  },

  render: (view) => ({
    decorator: { TimePane: BUTTON_STEP_SECONDS },
    state: uiState(view),
    rendered: rendered(view),
  }),
};

export default time;

/** Makes the actuator do what the state and the clock say, and asks to be woken when that changes. */
function follow(state: TimeState, view: TimeView): Answer {
  if (state.mode === 'stopped') {
    return {
      ...off(view),
      state,
      wakeAt: state.until,
      because: because('stopped', { until: moment(state.until) }),
    };
  }
  if (isAlwaysOn(view.settings)) return stayOn(view);
  const spans = mergeSpans(allSpans(usedWindows(view.settings), view.now));
  if (state.mode === 'forced') {
    const end = reachFrom(spans, state.until);
    const reason = because('forced', { until: moment(state.until) });
    return { ...runUntil(end, state, spans, view), state, because: reason };
  }
  const end = openUntil(spans, view.now, isOn(view));
  if (end !== null) {
    return { ...runUntil(end, state, spans, view), state, because: because('open', { until: moment(end) }) };
  }
  return { ...off(view), state, wakeAt: nextOpening(spans, view.now), because: because('closed') };
}

/**
 * On until `end`. The end of the job announces itself; to be woken for is what it does not: a person's time that
 * is over before, and the next opening, lest a report that is stuck in a broken connection costs a window.
 */
function runUntil(end: number, state: TimeState, spans: readonly Span[], view: TimeView): Partial<Answer> {
  const { now, job, settings } = view;
  const stop = Math.min(end, now + DAY_MS);
  const wakeAt = earliest([
    nextOpening(spans, end),
    state.mode === 'forced' && state.until < end ? state.until : null,
    // No job is longer than a day: it is renewed on the way, and so always has an end.
    stop < end ? Math.min(end - DAY_MS, now + DAY_MS / 2) : null,
  ]);
  const isRunning = job !== null && Math.abs(job.endsAt - stop) <= SAME_END_MS;
  return isRunning ? { wakeAt } : { job: onFor(stop - now, settings.supply), wakeAt };
}

function onCommand(payload: number, view: TimeView): Answer {
  const state = currentState(view);
  const until = view.now + Math.min(Math.round(Math.abs(payload) * 1000), DAY_MS);
  switch (state.mode) {
    case 'forced':
      return follow(payload > 0 ? { mode: 'forced', until } : BY_CLOCK, view);
    case 'stopped':
      return payload > 0 ? follow(BY_CLOCK, view) : { because: because('alreadyOff') };
    case 'clock':
      return payload > 0 ? switchOn(until, view) : stop(until, view);
  }
}

function switchOn(until: number, view: TimeView): Answer {
  return isOn(view) ? { because: because('alreadyOn') } : follow({ mode: 'forced', until }, view);
}

function stop(until: number, view: TimeView): Answer {
  if (!isOn(view)) return { because: because('alreadyOff') };
  return until > view.now ? follow({ mode: 'stopped', until }, view) : { because: because('noTime') };
}

/**
 * Whoever ended or refused the run had a reason: the clock starts the next one at its next boundary only, or
 * the two would go on against each other for ever. A restart had none.
 */
function onJobEnded(job: EndedJob, view: TimeView): Answer {
  const isSuperseded = job.reason === 'replaced' || (view.job !== null && view.job.id !== job.id);
  if (isSuperseded) return { because: because('superseded') };
  const state = currentState(view);
  if (job.reason === 'restart') return follow(state, view);
  const reason = endReason(job);
  if (state.mode === 'stopped' || isAlwaysOn(view.settings)) return { because: reason };
  const spans = allSpans(usedWindows(view.settings), view.now);
  return { state: BY_CLOCK, wakeAt: nextOpening(spans, view.now), because: reason };
}

function endReason({ outcome, reason }: EndedJob): Because {
  return outcome === 'finished' ? because('ended') : because(outcome, { reason: reason ?? '–' });
}

/** 24 h have neither start nor end (protocol §6.2 FIX a): a value that is held, not a job. */
function stayOn(view: TimeView): Answer {
  const isHeld = view.job === null && view.value === 1;
  return { ...(isHeld ? {} : { hold: 1 }), state: BY_CLOCK, wakeAt: null, because: because('alwaysOn') };
}

function switchOff(view: TimeView): Answer {
  return { ...off(view), state: BY_CLOCK, wakeAt: null, because: because('inactive') };
}

function off({ job, value }: TimeView): Pick<Answer, 'hold' | 'job'> {
  if (job !== null) return { job: 'cancel' };
  return value === 0 ? {} : { hold: 0 };
}

function earliest(moments: readonly (number | null)[]): number | null {
  const known = moments.filter((at) => at !== null);
  return known.length === 0 ? null : Math.min(...known);
}
