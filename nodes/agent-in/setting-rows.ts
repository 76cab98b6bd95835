import type { AnyControls, Control } from '../../src/domain/agent/settings-controls.ts';
import { fieldError } from '../../src/domain/errors.ts';
import { isObject } from '../../src/domain/json.ts';
import { choiceField, flagField, integerField, textField } from '../shared/fields.ts';

type Row = Readonly<Record<string, unknown>>;

const ROW_KINDS = ['switch', 'intSlider', 'timeSlider', 'dayTime'] as const;

const KEY = /^[A-Za-z][A-Za-z0-9_]{0,39}$/;
const DAY_TIME = /^([01]?\d|2[0-3]):([0-5]\d)$/;
const MOST_ROWS = 30;
const MOST_STEPS = 60;
const INT32 = 2_147_483_647;
const YEAR_S = 31_536_000;

/** The rows of the dialog as controls, by their keys. On the wire a key has its place before it: forms are sorted by it. */
export function parseSettingRows(rows: unknown): AnyControls {
  if (rows === undefined || rows === null || rows === '') return {};
  if (!Array.isArray(rows)) throw fieldError('settings', 'must be a list');
  if (rows.length > MOST_ROWS) throw fieldError('settings', `must not be more than ${MOST_ROWS}`);
  const controls: Record<string, Control> = {};
  rows.forEach((row: unknown, index) => {
    const place = index + 1;
    const key = isObject(row) ? row['key'] : undefined;
    if (typeof key !== 'string' || !KEY.test(key))
      throw fieldError(`settings.${place}.key`, 'must be letters, digits and _, and begin with a letter');
    if (Object.hasOwn(controls, key))
      throw fieldError(`settings.${place}.key`, 'is the key of another setting');
    controls[key] = inRow(place, () => controlOf(row as Row, key, place));
  });
  return controls;
}

function controlOf(row: Row, key: string, place: number): Control {
  const label = textField(row, 'label') ?? key;
  const common = { key: `${String(place).padStart(2, '0')}_${key}`, label: { en: label, de: label } };
  const kind = choiceField(row, 'kind', ROW_KINDS);
  switch (kind) {
    case 'switch':
      return { ...common, kind, default: flagField(row, 'default', false) };
    case 'intSlider':
      return { ...common, kind, ...bounds(row, { least: -INT32, most: INT32, upper: 100 }) };
    case 'timeSlider':
      return { ...common, kind, unit: 'ms', ...timeBounds(row) };
    case 'dayTime':
      return {
        ...common,
        kind,
        default: { ms: dayTimeMs(textField(row, 'default') ?? '00:00'), zone: 'UTC' },
      };
    default:
      throw fieldError('kind', `must be one of ${ROW_KINDS.join(', ')}`);
  }
}

function bounds(row: Row, { least, most, upper: usual }: { least: number; most: number; upper: number }) {
  const lower = integerField(row, 'lower', least, most) ?? 0;
  const upper = integerField(row, 'upper', least, most) ?? usual;
  const chosen = integerField(row, 'default', least, most) ?? lower;
  if (lower >= upper) throw fieldError('upper', 'must be more than the lower bound');
  if (chosen < lower || chosen > upper) throw fieldError('default', `must be from ${lower} to ${upper}`);
  return { lower, upper, default: chosen };
}

/** Seconds in the dialog, ms in RIPE. */
function timeBounds(row: Row) {
  const { lower, upper, default: chosen } = bounds(row, { least: 0, most: YEAR_S, upper: 3_600 });
  const steps = Math.min(upper - lower, MOST_STEPS);
  return { lower: lower * 1_000, upper: upper * 1_000, steps, default: chosen * 1_000 };
}

function dayTimeMs(text: string): number {
  const [, hours, minutes] = DAY_TIME.exec(text) ?? [];
  if (hours === undefined) throw fieldError('default', 'must be a time of day, e.g. 07:30');
  return (Number(hours) * 60 + Number(minutes)) * 60_000;
}

/** Tells which row a bad field is in. */
function inRow<Result>(place: number, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    const { field, reason } = (error as { params?: { field?: string; reason?: string } }).params ?? {};
    throw field === undefined ? error : fieldError(`settings.${place}.${field}`, reason ?? '');
  }
}
