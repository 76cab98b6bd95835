import type { AgentType, AgentView, Because, DayTime, Decision } from '@ripe-iot/node-red-ripe/agent';
import { dayTimeText } from '../shared/clock-time.ts';
import { sliderPercent } from '../shared/slider-percent.ts';

export interface TestState {
  readonly value: number;
}

export type TestSettings = {
  readonly toggle: boolean;
  readonly time: DayTime;
  readonly durationMs: number;
  readonly level: number;
};

const explanations = {
  en: {
    held: 'Holds {percent} %.',
    commanded: 'Set to {percent} % by hand.',
    outOfRange: 'The command {payload} is not a percentage from 0 to 100 (times ten).',
    unaffected: 'A test agent does nothing by itself.',
  },
  de: {
    held: 'Hält {percent} %.',
    commanded: 'Von Hand auf {percent} % gestellt.',
    outOfRange: 'Der Befehl {payload} ist kein Prozentwert von 0 bis 100 (mal zehn).',
    unaffected: 'Ein Test-Agent tut von selbst nichts.',
  },
} as const;

/** Shows a client every control that it has to draw: the slider and the four variants of the config form. */
const test: AgentType<TestState, TestSettings> = {
  name: 'TestAgent',
  version: '1.0.0',
  apiVersion: 1,
  settings: {
    toggle: { kind: 'switch', key: '01_switch', label: { en: 'Switch', de: 'Schalter' }, default: true },
    time: {
      kind: 'dayTime',
      key: '02_day_time',
      label: { en: 'Time of day', de: 'Uhrzeit' },
      default: { ms: 0, zone: 'UTC' },
    },
    durationMs: {
      kind: 'timeSlider',
      key: '03_time_slider',
      label: { en: 'Duration', de: 'Dauer' },
      unit: 'ms',
      lower: 0,
      upper: 3_600_000,
      steps: 60,
      default: 60_000,
    },
    level: {
      kind: 'intSlider',
      key: '04_int_slider',
      label: { en: 'Level', de: 'Stufe' },
      lower: 0,
      upper: 10,
      default: 5,
    },
  },
  neutral: 0,
  explanations,
  start: () => ({ value: 0 }),

  decide(event, view) {
    if (event.type === 'forced') return command(event.payload);
    return event.type === 'started' ? hold(view.state.value, 'held') : { because: because('unaffected') };
  },

  render: (view) => ({
    decorator: { Slider: [0, 1, view.state.value / 100] },
    state: 'Ready',
    rendered: [`${view.state.value} %`, ...settingTexts(view)].join(' · '),
  }),
};

export default test;

function command(payload: number): Decision<TestState> {
  const value = sliderPercent(payload);
  return value === null ? { because: because('outOfRange', { payload }) } : hold(value, 'commanded');
}

function hold(value: number, code: 'held' | 'commanded'): Decision<TestState> {
  return { state: { value }, hold: value, because: because(code, { percent: value }) };
}

/** The settings as they arrived, so that a form can be tried out from end to end. */
function settingTexts({ settings, locale }: AgentView<TestState, TestSettings>): string[] {
  const toggle = { en: settings.toggle ? 'on' : 'off', de: settings.toggle ? 'an' : 'aus' }[locale];
  const time = `${dayTimeText(settings.time.ms)} ${settings.time.zone}`;
  return [toggle, time, `${settings.durationMs / 1000} s`, String(settings.level)];
}

function because(code: keyof typeof explanations.en, params?: Because['params']): Because {
  return params === undefined ? { code } : { code, params };
}
