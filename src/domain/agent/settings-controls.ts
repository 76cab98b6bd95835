import type { Locale } from '../time/zones.ts';

/** A text in every language that RIPE speaks. */
export type Text = Readonly<Record<Locale, string>>;

/** A time of day (ms after midnight, 0 to 86 399 999) in the IANA zone in which it was set. */
export interface DayTime {
  readonly ms: number;
  readonly zone: string;
}

interface Common {
  /** The name on the wire, e.g. `02_min_threshold`; forms are sorted by it. */
  readonly key: string;
  readonly label: Text;
  readonly unit?: string;
  /** False: not part of the app's config form (protocol §4.4); editor and richer routes show it. */
  readonly app?: boolean;
}

/** The closed vocabulary of settings: the app, the editor and the dashboard draw forms from it. */
export type SwitchControl = Common & { readonly kind: 'switch'; readonly default: boolean };
export type DayTimeControl = Common & { readonly kind: 'dayTime'; readonly default: DayTime };
/** A duration in ms between `lower` and `upper`; `steps` is the number of divisions of the slider. */
export type TimeSliderControl = Common & {
  readonly kind: 'timeSlider';
  readonly lower: number;
  readonly upper: number;
  readonly steps: number;
  readonly default: number;
};
export type IntSliderControl = Common & {
  readonly kind: 'intSlider';
  readonly lower: number;
  readonly upper: number;
  readonly default: number;
};
/** Not drawn by the app: for editor, dashboard and richer routes only. */
export type NumberControl = Common & {
  readonly kind: 'number';
  readonly app: false;
  readonly lower?: number;
  readonly upper?: number;
  readonly default: number;
};
export type ChoiceControl<Option extends string = string> = Common & {
  readonly kind: 'choice';
  readonly app: false;
  readonly options: readonly Option[];
  readonly default: Option;
};
/** A short free text, e.g. the name of a further metric. */
export type TextControl = Common & { readonly kind: 'text'; readonly app: false; readonly default: string };

export type Control =
  | SwitchControl
  | DayTimeControl
  | TimeSliderControl
  | IntSliderControl
  | NumberControl
  | ChoiceControl
  | TextControl;

type ControlFor<Value> = Value extends boolean
  ? SwitchControl
  : Value extends DayTime
    ? DayTimeControl
    : Value extends number
      ? TimeSliderControl | IntSliderControl | NumberControl
      : string extends Value
        ? TextControl | ChoiceControl
        : Value extends string
          ? ChoiceControl
          : never;

/** One typed control per setting. */
export type Controls<Settings> = { readonly [Name in keyof Settings]: ControlFor<Settings[Name]> };

export type SettingValue = boolean | number | string | DayTime;
export type AnySettings = Readonly<Record<string, SettingValue>>;
export type AnyControls = Readonly<Record<string, Control>>;

/** The defaults of all controls, overlaid by what is stored; names that no control has any more are dropped. */
export function completeSettings(
  controls: AnyControls,
  stored: Readonly<Record<string, unknown>>,
): AnySettings {
  const all = Object.entries(controls);
  const names = Object.keys(stored);
  const isKept = ([name, control]: [string, Control], place: number) =>
    names[place] === name && accepts(control, stored[name]);
  // One object for all agents that have the same settings.
  if (names.length === all.length && all.every(isKept)) return stored as AnySettings;
  const settings: Record<string, SettingValue> = {};
  for (const [name, control] of all) {
    const value = stored[name];
    settings[name] = accepts(control, value) ? (value as SettingValue) : control.default;
  }
  return settings;
}

/** Whether a value is one that this control can hold. */
export function accepts(control: Control, value: unknown): boolean {
  switch (control.kind) {
    case 'switch':
      return typeof value === 'boolean';
    case 'dayTime':
      return isDayTime(value);
    case 'choice':
      return typeof value === 'string' && control.options.includes(value);
    case 'text':
      return typeof value === 'string' && value.length <= 64;
    case 'number':
      return isWithin(value, control.lower ?? -Infinity, control.upper ?? Infinity);
    default:
      return Number.isInteger(value) && isWithin(value, control.lower, control.upper);
  }
}

function isWithin(value: unknown, lower: number, upper: number): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= lower && value <= upper;
}

function isDayTime(value: unknown): value is DayTime {
  if (typeof value !== 'object' || value === null) return false;
  const { ms, zone } = value as Partial<DayTime>;
  return typeof zone === 'string' && Number.isInteger(ms) && isWithin(ms, 0, 86_399_999);
}
