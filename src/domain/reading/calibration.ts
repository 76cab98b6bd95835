import Type from 'typebox';
import { fieldError } from '../errors.ts';
import { METRICS, type Metric, metricOf, type Reading } from './reading.ts';

/** What is added to each metric of a sensor as its readings arrive, by the metric's name: of the seven, or a further one. */
export type Offsets = Readonly<Record<string, number>>;

export const OffsetsSchema = Type.Record(Type.String(), Type.Number(), {
  description: 'What is added to a metric as its readings arrive, by its name',
});

const MOST_OFFSETS = 40;
const LONGEST_NAME = 64;
const LARGEST = 1e9;
const INT32 = 2_147_483_647;
const PERCENTAGES: ReadonlySet<string> = new Set<Metric>(['battery', 'moisture', 'humidity']);
const INTEGERS: ReadonlySet<string> = new Set<Metric>(['carbon', 'conductivity', 'light']);

/**
 * A reading as its sensor should have measured it. Percentages stay within 0 and 100, whole numbers whole. What was really
 * added is kept in it: the measured value is the value without that.
 */
export function calibrate(reading: Reading, offsets: Offsets): Reading {
  let corrected: Reading | null = null;
  const added: Record<string, number> = {};
  for (const [name, offset] of Object.entries(offsets)) {
    const value = metricOf(reading, name);
    if (value === null) continue;
    const better = bounded(name, value + offset);
    if (better === value) continue;
    added[name] = rounded(better - value);
    corrected = withValue(corrected ?? reading, name, better);
  }
  return corrected === null ? reading : { ...corrected, offsets: added };
}

/** Offsets with some of them changed, null taking one back; throws an error naming the first that cannot be. */
export function patchOffsets(set: Offsets, change: Readonly<Record<string, number | null>>): Offsets {
  const offsets: Record<string, number> = { ...set };
  for (const [name, offset] of Object.entries(change)) {
    if (offset === null || offset === 0) delete offsets[name];
    else offsets[name] = checked(name, offset);
  }
  if (Object.keys(offsets).length > MOST_OFFSETS)
    throw fieldError('offsets', `must be at most ${MOST_OFFSETS}`);
  return offsets;
}

function checked(name: string, offset: number): number {
  const field = `offsets.${name.slice(0, LONGEST_NAME)}`;
  const isMetric = name !== '' && name.length <= LONGEST_NAME && !/\p{Cc}/u.test(name) && name.isWellFormed();
  if (!isMetric || name === 'timestamp' || name === '__proto__') throw fieldError(field, 'is no metric');
  if (Math.abs(offset) > LARGEST) throw fieldError(field, `must be from -${LARGEST} to ${LARGEST}`);
  if (INTEGERS.has(name) && !Number.isInteger(offset)) throw fieldError(field, 'must be a whole number');
  return offset;
}

const isKnown = (name: string): name is Metric => (METRICS as readonly string[]).includes(name);

function withValue(reading: Reading, name: string, value: number): Reading {
  if (isKnown(name)) return { ...reading, [name]: value };
  return { ...reading, extra: { ...reading.extra, [name]: value } };
}

function bounded(name: string, value: number): number {
  if (PERCENTAGES.has(name)) return Math.max(0, Math.min(100, rounded(value)));
  return INTEGERS.has(name) ? Math.max(-INT32 - 1, Math.min(INT32, value)) : rounded(value);
}

/** 18.3 - 3.1 is 15.2, not 15.200000000000001. */
const rounded = (value: number): number => Number(value.toPrecision(12));
