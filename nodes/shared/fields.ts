import { fieldError } from '../../src/domain/errors.ts';

type Def = Readonly<Record<string, unknown>>;

/** A text of a dialog, trimmed; undefined where it was left blank. */
export function textField(def: Def, field: string): string | undefined {
  const value = def[field];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') throw fieldError(field, 'must be a text');
  const text = value.trim();
  return text === '' ? undefined : text;
}

/** A whole number of a dialog within its bounds; undefined where it was left blank. */
export function integerField(def: Def, field: string, lowest: number, highest: number): number | undefined {
  const value = def[field];
  if (value === undefined || value === null || value === '') return undefined;
  const number = typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN;
  if (!Number.isInteger(number) || number < lowest || number > highest) {
    throw fieldError(field, `must be a whole number from ${lowest} to ${highest}`);
  }
  return number;
}

export function flagField(def: Def, field: string, fallback: boolean): boolean {
  const value = def[field];
  if (value === undefined || value === null || value === '') return fallback;
  if (typeof value !== 'boolean') throw fieldError(field, 'must be true or false');
  return value;
}

/** One of a closed list; undefined where it was left blank. */
export function choiceField<Option extends string>(
  def: Def,
  field: string,
  options: readonly Option[],
): Option | undefined {
  const value = textField(def, field);
  if (value === undefined) return undefined;
  if (!options.includes(value as Option)) throw fieldError(field, `must be one of ${options.join(', ')}`);
  return value as Option;
}
