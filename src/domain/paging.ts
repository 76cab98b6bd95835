import { fieldError } from './errors.ts';
import type { TimeRange } from './store.ts';

/** Where a page begins: at this moment (ms UTC), behind so many that are of that same moment. */
export interface Cursor {
  readonly at: number;
  readonly skip: number;
}

/** How much of a list is asked for at once. */
export interface PageRequest {
  readonly limit: number;
  /** null: from the beginning. */
  readonly after: Cursor | null;
}

/** Some of a list; `next` is where the rest begins, null where there is none. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: Cursor | null;
}

/** A part of a list that is in order of time. */
export interface Slice {
  readonly range: TimeRange;
  readonly skip: number;
  readonly most: number;
}

const CURSOR = /^(\d{1,16})\.(\d{1,6})$/;

export const formatCursor = ({ at, skip }: Cursor): string => `${at}.${skip}`;

/** Reads a cursor of an earlier answer for the same range; throws an error naming the field. */
export function parseCursor(text: string, { from, until }: TimeRange): Cursor {
  const [, at, skip] = CURSOR.exec(text) ?? [];
  const cursor = { at: Number(at), skip: Number(skip) };
  if (at === undefined || cursor.at < from || cursor.at >= until)
    throw fieldError('cursor', 'must be one of an earlier answer for the same range');
  return cursor;
}

/** What of a list that begins with the oldest is on the page; one more than fits, to know whether there is a next one. */
export function oldestFirst(range: TimeRange, { limit, after }: PageRequest): Slice {
  const from = after?.at ?? range.from;
  return { range: { ...range, from }, skip: after?.skip ?? 0, most: limit + 1 };
}

/** As `oldestFirst`, of a list that begins with the newest. */
export function newestFirst(range: TimeRange, { limit, after }: PageRequest): Slice {
  const until = after === null ? range.until : after.at + 1;
  return { range: { ...range, until }, skip: after?.skip ?? 0, most: limit + 1 };
}

/** The page that a slice makes, which holds one more than fits where there is a next page. */
export function pageOf<Item>(
  found: readonly Item[],
  { limit, after }: PageRequest,
  timeOf: (item: Item) => number,
): Page<Item> {
  const items = found.slice(0, limit);
  const next = found[limit];
  if (next === undefined) return { items, next: null };
  const at = timeOf(next);
  const before = items.filter((item) => timeOf(item) === at).length;
  const skip = before + (after !== null && after.at === at ? after.skip : 0);
  return { items, next: { at, skip } };
}
