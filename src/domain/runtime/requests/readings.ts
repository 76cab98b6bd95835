import { type Cell, csvLines } from '../../csv.ts';
import { type Cursor, oldestFirst, type Page, type PageRequest, pageOf } from '../../paging.ts';
import { type Bucket, foldBuckets, spanOf } from '../../reading/buckets.ts';
import { METRICS, type Reading } from '../../reading/reading.ts';
import type { BucketSize, Resolution } from '../../reading/resolution.ts';
import type { DataRow } from '../../reading/row.ts';
import { nextLink } from '../../rest/next-link.ts';
import type { ApiRequest } from '../../rest/request.ts';
import { dataRowBody } from '../../sensor/status.ts';
import type { Store, TimeRange } from '../../store.ts';
import { formatDate } from '../../time/dates.ts';
import { WrittenJson, wireJson } from '../../wire-json.ts';
import { allOf, inParts, PART } from './in-parts.ts';
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
export async function readingsReply(workshop: Workshop, request: ApiRequest): Promise<Reply> {
  const { store, longAnswers } = workshop;
  const { id } = workshop.twinOf(request);
  const { range = { from: 0, until: 0 }, page, resolution } = request;
  if (page === undefined || resolution === undefined) {
    return sheetReply(ROW, { items: await store.rows(id, range), next: null }, request);
  }
  const asked = { store, sensor: id, range, request };
  const isLong = page.limit > PART || (resolution !== 'raw' && resolution !== '30m');
  // What several of them hold until they are told would fill the memory.
  const leave = isLong ? await longAnswers.enter(id) : null;
  try {
    return await pageReply(asked, resolution, page);
  } finally {
    leave?.();
  }
}

interface Asked {
  readonly store: Store;
  readonly sensor: number;
  readonly range: TimeRange;
  readonly request: ApiRequest;
}

async function pageReply(asked: Asked, resolution: Resolution, page: PageRequest): Promise<Reply> {
  const { request, range } = asked;
  if (resolution === 'raw') return inSheet(READING, page, (part) => readingsPage(asked, part), request);
  if (resolution === '30m') return inSheet(ROW, page, (part) => rowsPage(asked, part), request);
  const from = page.after?.at ?? range.from;
  const found = await measuredIn({ ...asked, range: { ...range, from } }, resolution);
  const buckets = { size: resolution, zone: request.timeZone, range, page };
  return sheetReply(BUCKET, bucketPage(found, buckets), request);
}

async function readingsPage({ store, sensor, range }: Asked, page: PageRequest): Promise<Page<Reading>> {
  return pageOf(await store.readings(sensor, oldestFirst(range, page)), page, timeOf);
}

async function rowsPage({ store, sensor, range }: Asked, page: PageRequest): Promise<Page<DataRow>> {
  const { range: rest, most } = oldestFirst(range, page);
  return pageOf(await store.rows(sensor, rest, most), page, timeOf);
}

/** Five minutes are made of readings; hours and days of 30-minute rows, which are kept for longer. */
function measuredIn(asked: Asked, size: BucketSize): Promise<readonly (Reading | DataRow)[]> {
  const read = size === '5m' ? readingsPage : rowsPage;
  return allOf<Reading | DataRow>(MOST_FOLDED + 1, (part) => read(asked, part));
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

/** A page that is read, and brought into its form, by parts. */
async function inSheet<Row>(
  form: Form<Row>,
  page: PageRequest,
  read: (part: PageRequest) => Promise<Page<Row>>,
  request: ApiRequest,
): Promise<Reply> {
  const sheet = new Sheet(form, request);
  return sheet.reply(await inParts(page, read, (rows) => sheet.add(rows)));
}

function sheetReply<Row>(form: Form<Row>, { items, next }: Page<Row>, request: ApiRequest): Reply {
  const sheet = new Sheet(form, request);
  sheet.add(items);
  return sheet.reply(next);
}

/** Rows as the request wants them, JSON or a table: written as they come, since to write them all at once takes too long. */
class Sheet<Row> {
  readonly #form: Form<Row>;
  readonly #request: ApiRequest;
  readonly #parts: string[] = [];

  constructor(form: Form<Row>, request: ApiRequest) {
    this.#form = form;
    this.#request = request;
  }

  add(rows: readonly Row[]): void {
    const { body, cells } = this.#form;
    if (this.#request.format === 'csv') this.#parts.push(csvLines(rows.map(cells)));
    else if (rows.length > 0) this.#parts.push(wireJson(rows.map(body)).slice(1, -1));
  }

  reply(next: Cursor | null): Reply {
    const headers = nextLink(this.#request, next);
    if (this.#request.format !== 'csv')
      return fullReply({ body: new WrittenJson(`[${this.#parts.join(',')}]`), headers });
    const body = csvLines([this.#form.names]) + this.#parts.join('');
    return fullReply({ body, type: 'text/csv; charset=utf-8; header=present', headers });
  }
}
