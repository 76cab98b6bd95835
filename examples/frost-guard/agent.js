/**
 * @import { AgentType, AgentView, Decision } from '@ripe-iot/node-red-ripe/agent'
 * @typedef {{ active: boolean, limit: number, hysteresis: number }} Settings
 * @typedef {{ frosts: number }} State  How often it has begun to heat.
 * @typedef {AgentView<State, Settings>} View
 */

/** Nobody heats for ever on the word of a thermometer that has fallen silent. */
const LONGEST_SILENCE_MS = 3_600_000;

const explanations = {
  en: {
    waits: 'Waits for a temperature.',
    inactive: 'Switched off in the settings.',
    cold: '{temperature} °C is below {limit} °C: heats.',
    rising: '{temperature} °C has not reached {until} °C yet: goes on heating.',
    warm: '{temperature} °C is warm enough.',
    silent: 'No temperature for {minutes} min: heats no longer.',
    noCommands: 'Follows the thermometer, not commands.',
  },
  de: {
    waits: 'Wartet auf eine Temperatur.',
    inactive: 'In den Einstellungen ausgeschaltet.',
    cold: '{temperature} °C liegt unter {limit} °C: heizt.',
    rising: '{temperature} °C hat {until} °C noch nicht erreicht: heizt weiter.',
    warm: '{temperature} °C ist warm genug.',
    silent: 'Seit {minutes} min keine Temperatur: heizt nicht mehr.',
    noCommands: 'Folgt dem Thermometer, keinen Befehlen.',
  },
};

/** @type {AgentType<State, Settings>} */
const frostGuard = {
  name: 'FrostGuard',
  version: '1.0.0',
  apiVersion: 1,
  neutral: 0,
  settings: {
    active: { kind: 'switch', key: '01_active', label: { en: 'Active', de: 'Aktiv' }, default: true },
    limit: {
      kind: 'intSlider',
      key: '02_limit',
      label: { en: 'Heat below', de: 'Heizen unter' },
      unit: '°C',
      lower: 0,
      upper: 20,
      default: 3,
    },
    hysteresis: {
      kind: 'intSlider',
      key: '03_hysteresis',
      label: { en: 'Until it is warmer by', de: 'Bis es wärmer ist um' },
      unit: '°C',
      lower: 0,
      upper: 10,
      default: 2,
    },
  },
  explanations,
  start: () => ({ frosts: 0 }),

  decide(event, view) {
    const { reading, settings, now } = view;
    if (!settings.active) return off('inactive');
    if (event.type === 'forced') return { because: { code: 'noCommands' } };
    if (event.type === 'woken' || (reading !== null && now - reading.timestamp >= LONGEST_SILENCE_MS))
      return off('silent', { minutes: LONGEST_SILENCE_MS / 60_000 });
    // A reading without a temperature says nothing: what was decided stays, until the time for it is over.
    if (reading === null || reading.temperature === null) return { because: { code: 'waits' } };
    return judge(reading.temperature, reading.timestamp + LONGEST_SILENCE_MS, view);
  },

  render: (view) => ({
    decorator: { Text: null },
    state: view.settings.active ? 'Ready' : 'Disabled',
    rendered: rendered(view),
  }),
};

export default frostGuard;

/** @type {(temperature: number, wakeAt: number, view: View) => Decision<State>} */
function judge(temperature, wakeAt, { settings, state, value }) {
  const { limit, hysteresis } = settings;
  const until = limit + hysteresis;
  const heats = value !== 0;
  if (temperature < limit) {
    const frosts = heats ? state.frosts : state.frosts + 1;
    return { state: { frosts }, hold: 1, wakeAt, because: { code: 'cold', params: { temperature, limit } } };
  }
  if (heats && temperature < until)
    return { hold: 1, wakeAt, because: { code: 'rising', params: { temperature, until } } };
  return off('warm', { temperature });
}

/** @type {(code: keyof typeof explanations.en, params?: Record<string, number>) => Decision<State>} */
function off(code, params = {}) {
  return { hold: 0, wakeAt: null, because: { code, params } };
}

/** @type {(view: View) => string} */
function rendered({ value, state, reading, settings, locale }) {
  const temperature = reading?.temperature ?? null;
  const degrees = temperature === null ? '–' : `${temperature.toLocaleString(locale)} °C`;
  const doing = {
    en: value === 0 ? `heats below ${settings.limit} °C` : 'heats',
    de: value === 0 ? `heizt unter ${settings.limit} °C` : 'heizt',
  }[locale];
  const count = { en: `frosts: ${state.frosts}`, de: `Fröste: ${state.frosts}` }[locale];
  return [degrees, doing, count].join(' · ');
}
