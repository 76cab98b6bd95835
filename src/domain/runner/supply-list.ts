import { fieldError } from '../errors.ts';
import type { Capacities } from './supplies.ts';

const MOST_SUPPLIES = 100;
const ENTRY = /^([^=,]{1,64})(?:=\s*(\d{1,4}))?$/;

/** Supplies as a person writes them: `pump=1, tank=2`; without a number, one job at a time. Errors name the field. */
export function parseSupplies(field: string, text: string): Capacities {
  const entries = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map((entry) => parseEntry(field, entry));
  if (entries.length > MOST_SUPPLIES) throw fieldError(field, `must name at most ${MOST_SUPPLIES} supplies`);
  const names = new Set(entries.map(([name]) => name));
  if (names.size < entries.length) throw fieldError(field, 'must name every supply once');
  return Object.fromEntries(entries);
}

function parseEntry(field: string, entry: string): [string, number] {
  const [, name, capacity = '1'] = ENTRY.exec(entry) ?? [];
  if (name === undefined || Number(capacity) < 1)
    throw fieldError(field, 'must be a list such as pump=1, tank=2');
  return [name.trim(), Number(capacity)];
}
