import type { Controls } from '@ripe-iot/node-red-ripe/agent';

export type Direction = 'below' | 'above';

export type ThresholdSettings = {
  readonly active: boolean;
  readonly minThreshold: number;
  readonly actionDurationMs: number;
  readonly actionCooldownMs: number;
  readonly metric: string;
  readonly direction: Direction;
  readonly hysteresis: number;
  readonly supply: string;
};

export const LONGEST_DATA_RUN_MS = 600_000;

/** Keys, limits and defaults of protocol §6.1; what the app cannot draw defaults to what the app knows. */
export const thresholdControls: Controls<ThresholdSettings> = {
  active: { kind: 'switch', key: '01_active', label: { en: 'Active', de: 'Aktiv' }, default: true },
  minThreshold: {
    kind: 'intSlider',
    key: '02_min_threshold',
    label: { en: 'Limit', de: 'Grenzwert' },
    lower: 0,
    upper: 100,
    default: 20,
  },
  actionDurationMs: {
    kind: 'timeSlider',
    key: '03_action_duration_ms',
    label: { en: 'Run for', de: 'Laufzeit' },
    unit: 'ms',
    lower: 0,
    upper: LONGEST_DATA_RUN_MS,
    steps: 40,
    default: 60_000,
  },
  actionCooldownMs: {
    kind: 'timeSlider',
    key: '04_action_cooldown_ms',
    label: { en: 'Pause between runs', de: 'Pause zwischen Läufen' },
    unit: 'ms',
    lower: 0,
    upper: 3_600_000,
    steps: 60,
    default: 30_000,
  },
  metric: {
    kind: 'text',
    key: '05_metric',
    label: { en: 'Metric', de: 'Messwert' },
    app: false,
    default: 'moisture',
  },
  direction: {
    kind: 'choice',
    key: '06_direction',
    label: { en: 'Runs while the metric is', de: 'Läuft, wenn der Messwert' },
    app: false,
    options: ['below', 'above'],
    default: 'below',
  },
  hysteresis: {
    kind: 'number',
    key: '07_hysteresis',
    label: {
      en: 'Back beyond the limit by, before it runs again (0: not needed)',
      de: 'So weit zurück über den Grenzwert, bevor es wieder läuft (0: nicht nötig)',
    },
    app: false,
    lower: 0,
    default: 0,
  },
  supply: {
    kind: 'text',
    key: '08_supply',
    label: { en: 'Supply: a pump or tank that it shares', de: 'Zufuhr: Pumpe oder Tank, die es sich teilt' },
    app: false,
    default: '',
  },
};
