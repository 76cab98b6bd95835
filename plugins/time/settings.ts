import type { Controls, DayTime } from '@ripe-iot/node-red-ripe/agent';

export type TimeSettings = {
  readonly active: boolean;
  readonly start: DayTime;
  readonly durationMs: number;
  readonly secondStart: DayTime;
  readonly secondDurationMs: number;
  readonly thirdStart: DayTime;
  readonly thirdDurationMs: number;
  readonly supply: string;
};

/** A daily window by the wall clock of its zone. A duration of 0: not used; of 24 h: always on. */
export interface DailyWindow {
  readonly start: DayTime;
  readonly durationMs: number;
}

const MIDNIGHT: DayTime = { ms: 0, zone: 'UTC' };
const QUARTERS = {
  kind: 'timeSlider',
  unit: 'ms',
  lower: 0,
  upper: 86_400_000,
  steps: 96,
  default: 0,
} as const;

/** Keys, limits and defaults of protocol §6.2; the app draws the first window only. */
export const timeControls: Controls<TimeSettings> = {
  active: { kind: 'switch', key: '01_active', label: { en: 'Active', de: 'Aktiv' }, default: true },
  start: {
    kind: 'dayTime',
    key: '02_start_time',
    label: { en: 'Start time', de: 'Startzeit' },
    default: MIDNIGHT,
  },
  durationMs: { ...QUARTERS, key: '03_slider', label: { en: 'Duration', de: 'Dauer' } },
  secondStart: {
    kind: 'dayTime',
    key: '04_second_start_time',
    label: { en: 'Second start time', de: 'Zweite Startzeit' },
    app: false,
    default: MIDNIGHT,
  },
  secondDurationMs: {
    ...QUARTERS,
    key: '05_second_duration_ms',
    label: { en: 'Second duration (0: not used)', de: 'Zweite Dauer (0: nicht benutzt)' },
    app: false,
  },
  thirdStart: {
    kind: 'dayTime',
    key: '06_third_start_time',
    label: { en: 'Third start time', de: 'Dritte Startzeit' },
    app: false,
    default: MIDNIGHT,
  },
  thirdDurationMs: {
    ...QUARTERS,
    key: '07_third_duration_ms',
    label: { en: 'Third duration (0: not used)', de: 'Dritte Dauer (0: nicht benutzt)' },
    app: false,
  },
  supply: {
    kind: 'text',
    key: '08_supply',
    label: { en: 'Supply: a pump or tank that it shares', de: 'Zufuhr: Pumpe oder Tank, die es sich teilt' },
    app: false,
    default: '',
  },
};

export function usedWindows(settings: TimeSettings): DailyWindow[] {
  return [
    { start: settings.start, durationMs: settings.durationMs },
    { start: settings.secondStart, durationMs: settings.secondDurationMs },
    { start: settings.thirdStart, durationMs: settings.thirdDurationMs },
  ].filter((window) => window.durationMs > 0);
}
