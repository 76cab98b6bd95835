import type { Locale, UiState } from '@ripe-iot/node-red-ripe/agent';
import { ago } from '../shared/ago.ts';
import { clockTime } from '../shared/clock-time.ts';
import { comparedValue, neverStarts } from './limit.ts';
import { metricName, quantity } from './metric.ts';
import type { ThresholdSettings } from './settings.ts';
import { pauseEnd, type ThresholdView } from './state.ts';

const TEXTS = {
  en: {
    inactive: 'switched off',
    running: 'running until',
    forced: 'switched on until',
    pause: 'pause until',
    last: 'last run',
    none: 'not measured yet',
    never: 'starts by hand only',
    below: 'starts below',
    above: 'starts above',
  },
  de: {
    inactive: 'ausgeschaltet',
    running: 'läuft bis',
    forced: 'eingeschaltet bis',
    pause: 'Pause bis',
    last: 'letzter Lauf',
    none: 'noch nicht gemessen',
    never: 'startet nur von Hand',
    below: 'startet unter',
    above: 'startet über',
  },
} as const;

export function uiState({ settings, job, state }: ThresholdView): UiState {
  if (!settings.active) return 'Disabled';
  if (job === null) return 'Ready';
  return state.startedBy === 'command' ? { Forced: job.endsAt } : { Executing: job.endsAt };
}

export function rendered(view: ThresholdView): string {
  return [doing(view), metricText(view)].join(' · ');
}

function doing(view: ThresholdView): string {
  const texts = TEXTS[view.locale];
  if (!view.settings.active) return texts.inactive;
  if (view.job === null) return [waiting(view.settings, view.locale), ...rest(view)].join(' · ');
  const running = view.state.startedBy === 'command' ? texts.forced : texts.running;
  return `${running} ${clockTime(view.job.endsAt, view.timeZone)}`;
}

function waiting(settings: ThresholdSettings, locale: Locale): string {
  if (neverStarts(settings)) return TEXTS[locale].never;
  return `${TEXTS[locale][settings.direction]} ${quantity(settings.minThreshold, settings.metric, locale)}`;
}

/** What an idle agent tells about its last run. */
function rest(view: ThresholdView): string[] {
  const { now, locale, state } = view;
  const texts = TEXTS[locale];
  const pause = pauseEnd(view);
  return [
    ...(pause === null ? [] : [`${texts.pause} ${clockTime(pause, view.timeZone)}`]),
    ...(state.lastEndedAt === null ? [] : [`${texts.last} ${ago(now - state.lastEndedAt, locale)}`]),
  ];
}

function metricText({ reading, settings, locale }: ThresholdView): string {
  const value = reading === null ? null : comparedValue(reading, settings);
  const name = metricName(settings.metric, locale);
  return value === null
    ? `${name} ${TEXTS[locale].none}`
    : `${name} ${quantity(value, settings.metric, locale)}`;
}
