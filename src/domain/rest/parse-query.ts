import { fieldError } from '../errors.ts';
import { type PageRequest, parseCursor } from '../paging.ts';
import { RESOLUTIONS, type Resolution } from '../reading/resolution.ts';
import type { TimeRange } from '../store.ts';
import { parseDate } from '../time/dates.ts';
import type { RangeRule, Route } from './route.ts';

/** What a route asks for in its query. */
export interface ParsedQuery {
  readonly range?: TimeRange;
  readonly resolution?: Resolution;
  readonly page?: PageRequest;
}

const DAY_MS = 86_400_000;
/** Unless a caller says otherwise. */
const ON_PAGE = 1_000;

/** Reads the query of a route; throws an error naming the field. */
export function parseQuery(route: Route, query: URLSearchParams): ParsedQuery {
  if (route.range === undefined) return {};
  const resolution = route.hasResolution ? resolutionOf(query) : undefined;
  const range = rangeOf(route.range, query, resolution !== undefined);
  if (range === undefined) return {};
  const isPaged = route.mostOnPage !== undefined && (!route.hasResolution || resolution !== undefined);
  return {
    range,
    ...(resolution === undefined ? {} : { resolution }),
    ...(isPaged ? { page: pageOf(query, range, route.mostOnPage) } : {}),
  };
}

/** `from` and `until` of protocol §2.3: half open. */
function rangeOf(rule: RangeRule, query: URLSearchParams, hasRows: boolean): TimeRange | undefined {
  if (rule === 'orNone' && query.get('from') === null && query.get('until') === null) return undefined;
  const from = dateOf(query, 'from');
  const until = dateOf(query, 'until');
  if (from >= until) throw fieldError('from', 'must be before until');
  const isBound = rule === 'day' || (rule === 'dayOrRows' && !hasRows);
  if (isBound && until - from > DAY_MS) throw fieldError('until', 'must be at most 24 hours after from');
  return { from, until };
}

function dateOf(query: URLSearchParams, field: string): number {
  const text = query.get(field);
  if (text === null) throw fieldError(field, 'is missing');
  // An unescaped `+` of an offset arrives as a blank.
  const date = parseDate(text.replace(/ (\d\d:\d\d)$/, '+$1'));
  if (date === null) throw fieldError(field, 'must be an RFC 3339 date with zone');
  return date;
}

function resolutionOf(query: URLSearchParams): Resolution | undefined {
  const text = query.get('resolution');
  if (text === null) return undefined;
  const resolution = RESOLUTIONS.find((each) => each === text);
  if (resolution === undefined) throw fieldError('resolution', `must be one of ${RESOLUTIONS.join(', ')}`);
  return resolution;
}

function pageOf(query: URLSearchParams, range: TimeRange, most: number): PageRequest {
  const cursor = query.get('cursor');
  return {
    limit: limitOf(query.get('limit'), most),
    after: cursor === null ? null : parseCursor(cursor, range),
  };
}

function limitOf(text: string | null, most: number): number {
  if (text === null) return Math.min(ON_PAGE, most);
  const limit = Number(text);
  if (!/^\d{1,6}$/.test(text) || limit < 1 || limit > most)
    throw fieldError('limit', `must be a whole number from 1 to ${most}`);
  return limit;
}
