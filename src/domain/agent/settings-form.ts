import Type, { type Static } from 'typebox';
import { compileCheck } from '../check.ts';
import { fieldError } from '../errors.ts';
import { isObject } from '../json.ts';
import type { Locale } from '../time/zones.ts';
import type {
  AnyControls,
  AnySettings,
  Control,
  DayTime,
  DayTimeControl,
  SettingValue,
} from './settings-controls.ts';

/** Value of protocol §4.4: the four variants that the app can draw. Durations and times of day are ms. */
export const ConfigValue = Type.Union([
  Type.Object({ Switch: Type.Boolean() }),
  Type.Object({ DayTime: Type.Integer() }),
  Type.Object({ TimeSlider: Type.Tuple([Type.Integer(), Type.Integer(), Type.Integer(), Type.Integer()]) }),
  Type.Object({ IntSlider: Type.Tuple([Type.Integer(), Type.Integer(), Type.Integer()]) }),
]);
export type ConfigValue = Static<typeof ConfigValue>;

/** Body of POST config. What its values must be the agent's controls say; unknown keys are ignored (protocol §2). */
export const ConfigBody = Type.Record(Type.String(), Type.Unknown());
/** Answer of GET config: label and value per key. */
export type Config = Record<string, [label: string, value: ConfigValue]>;

/** Moves a time of day from one zone to another, as of today. */
export type DayTimeIn = (time: DayTime, zone: string) => number;

const VARIANTS = {
  switch: 'Switch',
  dayTime: 'DayTime',
  timeSlider: 'TimeSlider',
  intSlider: 'IntSlider',
} as const;
type AppKind = keyof typeof VARIANTS;
type AppControl = Extract<Control, { kind: AppKind }>;
const checkBody = compileCheck(ConfigBody, 'body');
const checkValue = new Map<string, (value: unknown) => unknown>(
  (['Switch', 'DayTime', 'TimeSlider', 'IntSlider'] as const).map((variant, index) => [
    variant,
    compileCheck(ConfigValue.anyOf[index] as (typeof ConfigValue.anyOf)[number], variant),
  ]),
);

/** The person in front of the form. */
export interface FormReader {
  readonly zone: string;
  readonly dayTimeIn: DayTimeIn;
}

/** The settings as the app's form: sorted by key, times of day in the asking person's zone. */
export function toConfig(
  controls: AnyControls,
  settings: AnySettings,
  reader: FormReader & { readonly locale: Locale },
): Config {
  const config: Config = {};
  for (const [name, control] of appControls(controls)) {
    const label =
      control.kind === 'dayTime'
        ? `${control.label[reader.locale]} (${reader.zone})`
        : control.label[reader.locale];
    config[control.key] = [label, configValue(control, settings[name] ?? control.default, reader)];
  }
  return config;
}

/**
 * Settings out of the app's form. All keys of the agent must be there, each in its variant and within its limits;
 * otherwise an error names the key and nothing changes. Settings that the form does not show stay as they are, and
 * a time of day that comes back as it was shown stays in its zone: the app posts all keys, whatever was touched.
 */
export function fromConfig(
  controls: AnyControls,
  body: unknown,
  current: AnySettings,
  reader: FormReader,
): AnySettings {
  const posted = checkBody(body);
  const settings: Record<string, SettingValue> = { ...current };
  for (const [name, control] of appControls(controls)) {
    const value = Object.hasOwn(posted, control.key) ? posted[control.key] : undefined;
    settings[name] = settingOf(control, value, current[name], reader);
  }
  return settings;
}

function appControls(controls: AnyControls): [string, AppControl][] {
  return Object.entries(controls)
    .filter((entry): entry is [string, AppControl] => entry[1].app !== false && entry[1].kind in VARIANTS)
    .sort(([, a], [, b]) => (a.key < b.key ? -1 : 1));
}

function configValue(control: AppControl, value: SettingValue, reader: FormReader): ConfigValue {
  switch (control.kind) {
    case 'switch':
      return { Switch: value as boolean };
    case 'dayTime':
      return { DayTime: reader.dayTimeIn(value as DayTime, reader.zone) };
    case 'timeSlider':
      return { TimeSlider: [control.lower, control.upper, value as number, control.steps] };
    case 'intSlider':
      return { IntSlider: [control.lower, control.upper, value as number] };
  }
}

function settingOf(
  control: AppControl,
  posted: unknown,
  current: SettingValue | undefined,
  reader: FormReader,
): SettingValue {
  const variant = VARIANTS[control.kind];
  if (posted === undefined) throw fieldError(control.key, 'is missing');
  if (!isObject(posted) || !Object.hasOwn(posted, variant))
    throw fieldError(control.key, `must be a ${variant}`);
  checkVariant(control.key, variant, posted);
  const value = posted[variant];
  switch (control.kind) {
    case 'switch':
      return value as boolean;
    case 'dayTime':
      return dayTimeOf(
        control,
        within(control.key, value as number, 0, 86_399_999),
        current as DayTime,
        reader,
      );
    default:
      return within(control.key, (value as number[])[2] as number, control.lower, control.upper);
  }
}

/** Nobody has set the default: whoever posts it first sets it, in their own zone. */
function dayTimeOf(
  { default: unset }: DayTimeControl,
  ms: number,
  current: DayTime | undefined,
  { zone, dayTimeIn }: FormReader,
): DayTime {
  const isSet = current !== undefined && (current.ms !== unset.ms || current.zone !== unset.zone);
  return isSet && dayTimeIn(current, zone) === ms ? current : { ms, zone };
}

function checkVariant(key: string, variant: string, posted: unknown): void {
  try {
    checkValue.get(variant)?.(posted);
  } catch (error) {
    throw fieldError(key, (error as Error).message);
  }
}

function within(key: string, value: number, lower: number, upper: number): number {
  if (value < lower || value > upper) throw fieldError(key, `must be from ${lower} to ${upper}`);
  return value;
}
