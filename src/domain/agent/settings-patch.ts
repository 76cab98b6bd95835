import { fieldError } from '../errors.ts';
import { type Locale, zoneOrUtc } from '../time/zones.ts';
import {
  type AnyControls,
  type AnySettings,
  accepts,
  type Control,
  type SettingValue,
} from './settings-controls.ts';

/** A control as a client draws it: with its label in the asker's language. */
export function controlBodies(controls: AnyControls, locale: Locale): Record<string, object> {
  const bodies = Object.entries(controls).map(([name, { label, app, ...control }]) => [
    name,
    { ...control, label: label[locale] },
  ]);
  return Object.fromEntries(bodies);
}

/** Settings with some of them changed, by their plain names; throws an error naming the first that cannot be. */
export function patchSettings(
  controls: AnyControls,
  current: AnySettings,
  patch: Readonly<Record<string, unknown>>,
): AnySettings {
  const settings: Record<string, SettingValue> = { ...current };
  for (const [name, value] of Object.entries(patch)) {
    const control = Object.hasOwn(controls, name) ? controls[name] : undefined;
    if (control === undefined) throw fieldError(`settings.${name}`, 'is no setting of this agent');
    if (!accepts(control, value) || !isSpeakable(value))
      throw fieldError(`settings.${name}`, expected(control));
    settings[name] = value as SettingValue;
  }
  return settings;
}

const CONTROL_CHARACTER = /\p{Cc}/u;

/** A zone that nobody knows and a text that no message can hold are no values. */
function isSpeakable(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !CONTROL_CHARACTER.test(value);
  if (typeof value !== 'object' || value === null) return true;
  const { zone } = value as { zone: string };
  return zone === 'UTC' || zoneOrUtc(zone) !== 'UTC';
}

function expected(control: Control): string {
  switch (control.kind) {
    case 'switch':
      return 'must be true or false';
    case 'dayTime':
      return 'must be { "ms": 0 to 86399999, "zone": an IANA time zone }';
    case 'choice':
      return `must be one of ${control.options.join(', ')}`;
    case 'text':
      return 'must be a text of at most 64 characters';
    case 'number':
      return `must be a number${bounds(control.lower, control.upper)}`;
    default:
      return `must be a whole number from ${control.lower} to ${control.upper}`;
  }
}

function bounds(lower: number | undefined, upper: number | undefined): string {
  return `${lower === undefined ? '' : ` from ${lower}`}${upper === undefined ? '' : ` to ${upper}`}`;
}
