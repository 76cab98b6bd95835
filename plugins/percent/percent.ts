import type { AgentType, AgentUi, AgentView, Because, Decision } from '@ripe-iot/node-red-ripe/agent';
import { sliderPercent } from '../shared/slider-percent.ts';

export interface PercentState {
  readonly value: number;
}

export type PercentSettings = { readonly active: boolean };

type View = AgentView<PercentState, PercentSettings>;

const DEFAULT_PERCENT = 50;

const explanations = {
  en: {
    held: 'Holds {percent} %, as set last.',
    commanded: 'Set to {percent} % by hand.',
    outOfRange: 'The command {payload} is not a percentage from 0 to 100 (times ten).',
    inactive: 'Switched off in the settings.',
    unaffected: 'Only commands and settings change this value.',
  },
  de: {
    held: 'Hält {percent} %, wie zuletzt eingestellt.',
    commanded: 'Von Hand auf {percent} % gestellt.',
    outOfRange: 'Der Befehl {payload} ist kein Prozentwert von 0 bis 100 (mal zehn).',
    inactive: 'In den Einstellungen ausgeschaltet.',
    unaffected: 'Nur Befehle und Einstellungen ändern diesen Wert.',
  },
} as const;

const percent: AgentType<PercentState, PercentSettings> = {
  name: 'PercentAgent',
  version: '1.0.0',
  apiVersion: 1,
  settings: {
    active: { kind: 'switch', key: '01_active', label: { en: 'Active', de: 'Aktiv' }, default: true },
  },
  neutral: 0,
  explanations,
  start: () => ({ value: DEFAULT_PERCENT }),

  decide(event, view) {
    switch (event.type) {
      case 'started':
      case 'settings':
        return view.settings.active ? hold(view.state.value, 'held') : switchOff();
      case 'forced':
        return view.settings.active ? command(event.payload) : { because: because('inactive') };
      default:
        return { because: because('unaffected') };
    }
  },

  render: (view): AgentUi => ({
    decorator: { Slider: [0, 1, shownValue(view) / 100] },
    state: view.settings.active ? 'Ready' : 'Disabled',
    rendered: `${shownValue(view)} %`,
  }),
};

export default percent;

function command(payload: number): Decision<PercentState> {
  const value = sliderPercent(payload);
  return value === null ? { because: because('outOfRange', { payload }) } : hold(value, 'commanded');
}

function hold(value: number, code: 'held' | 'commanded'): Decision<PercentState> {
  return { state: { value }, hold: value, because: because(code, { percent: value }) };
}

/** Forgets the value as well: switched on again, the actuator stays at 0 until somebody says otherwise. */
function switchOff(): Decision<PercentState> {
  return { state: { value: 0 }, hold: 0, because: because('inactive') };
}

function shownValue(view: View): number {
  return view.settings.active ? view.state.value : 0;
}

function because(code: keyof typeof explanations.en, params?: Because['params']): Because {
  return params === undefined ? { code } : { code, params };
}
