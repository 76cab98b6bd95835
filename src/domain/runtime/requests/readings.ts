import { type Cell, csvOf } from '../../csv.ts';
import { type Cursor, oldestFirst, type Page, type PageRequest, pageOf } from '../../paging.ts';
import { type Bucket, foldBuckets, spanOf } from '../../reading/buckets.ts';
import { METRICS, type Reading } from '../../reading/reading.ts';
import type { BucketSize } from '../../reading/resolution.ts';
import type { DataRow } from '../../reading/row.ts';
import { nextLink } from '../../rest/next-link.ts';
import type { ApiRequest } from '../../rest/request.ts';
import { dataRowBody } from '../../sensor/status.ts';
import type { Store, TimeRange } from '../../store.ts';
import { formatDate } from '../../time/dates.ts';
import { fullReply, type Reply } from './reply.ts';
import type { Workshop } from './requests.ts';

/** So many rows of the database make one page of buckets at most: SQLite has everybody else wait meanwhile. */
const MOST_FOLDED = 20_000;

type Spread = 'min' | 'mean' | 'max';
const SPREAD: readonly Spread[] = ['min', 'mean', 'max'];

/** A kind of row as JSON, and as a line of a table. */
interface Form<Row> {
  readonly body: (row: Row) => object;
  readonly names: readonly string[];
  readonly cells: (row: Row) => readonly Cell[];
}

const ROW: Form<DataRow> = {
  body: dataRowBody,
  names: ['timestamp', ...METRICS],
  cells: (row) => [formatDate(row.timestamp), ...METRICS.map((metric) => row[metric])],
};

const READING: Form<Reading> = {
  body: (reading) => ({
    ...dataRowBody(reading),
    extra: reading.extra ?? {},
    offsets: reading.offsets ?? {},
  }),
  names: [...ROW.names, 'extra', 'offsets'],
  cells: (reading) => [
    ...ROW.cells(reading),
    ...[reading.extra, reading.offsets].map((each) => (each === undefined ? null : JSON.stringify(each))),
  ],
};

const BUCKET: Form<Bucket> = {
  body: ({ timestamp, count, values }) => ({ timestamp: formatDate(timestamp), count, ...values }),
  names: ['timestamp', 'count', ...METRICS.flatMap((metric) => SPREAD.map((kind) => `${metric}_${kind}`))],
  cells: ({ timestamp, count, values }) => [
    formatDate(timestamp),
    count,
    ...METRICS.flatMap((metric) => SPREAD.map((kind) => values[metric]?.[kind] ?? null)),
  ],
};

/** What a sensor has measured within a range, as finely as the request asks. */
export async function readingsReply({ store, twinOf }: Workshop, request: ApiRequest): Promise<Reply> {
  const { id } = twinOf(request);
  const { range = { from: 0, until: 0 }, page, resolution } = request;
  if (page === undefined || resolution === undefined) {
    return inForm(ROW, { items: await store.rows(id, range), next: null }, request);
  }
  if (resolution === 'raw') {
    const readings = await store.readings(id, oldestFirst(range, page));
    return inForm(READING, pageOf(readings, page, timeOf), request);
  }
  if (resolution === '30m') {
    const { range: rest, most } = oldestFirst(range, page);
    return inForm(ROW, pageOf(await store.rows(id, rest, most), page, timeOf), request);
  }
  const from = page.after?.at ?? range.from;
  const found = await measuredIn(store, id, resolution, { ...range, from });
  return inForm(
    BUCKET,
    bucketPage(found, { size: resolution, zone: request.timeZone, range, page }),
    request,
  );
}

/** Five minutes are made of readings; hours and days of 30-minute rows, which are kept for longer. */
function measuredIn(store: Store, sensor: number, size: BucketSize, range: TimeRange) {
  const most = MOST_FOLDED + 1;
  return size === '5m' ? store.readings(sensor, { range, skip: 0, most }) : store.rows(sensor, range, most);
}

interface Buckets {
  readonly size: BucketSize;
  readonly zone: string;
  readonly range: TimeRange;
  readonly page: PageRequest;
}

function bucketPage(
  found: readonly (Reading | DataRow)[],
  { size, zone, range, page }: Buckets,
): Page<Bucket> {
  const isCut = found.length > MOST_FOLDED;
  const buckets = foldBuckets(isCut ? found.slice(0, MOST_FOLDED) : found, size, zone);
  // Nobody knows the rest of the last one; only where it is all there is, it has to be told as far as it is known.
  const isWhole = !isCut || buckets.length === 1;
  const last = buckets.at(-1);
  const items = (isWhole ? buckets : buckets.slice(0, -1)).slice(0, page.limit);
  if (items.length < buckets.length) return { items, next: cursorAt(buckets[items.length], range) };
  const rest = isCut && last !== undefined ? spanOf(last.timestamp, size, zone).until : range.until;
  return { items, next: rest < range.until ? { at: rest, skip: 0 } : null };
}

function cursorAt(bucket: Bucket | undefined, { from }: TimeRange): Cursor | null {
  return bucket === undefined ? null : { at: Math.max(from, bucket.timestamp), skip: 0 };
}

const timeOf = ({ timestamp }: { readonly timestamp: number }): number => timestamp;

function inForm<Row>(form: Form<Row>, { items, next }: Page<Row>, request: ApiRequest): Reply {
  const headers = nextLink(request, next);
  if (request.format !== 'csv') return fullReply({ body: items.map(form.body), headers });
  const body = csvOf(form.names, items.map(form.cells));
  return fullReply({ body, type: 'text/csv; charset=utf-8; header=present', headers });
}
