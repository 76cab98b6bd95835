import { stat } from 'node:fs/promises';
import path from 'node:path';
import { createStore } from '../../src/adapters/store/create-store.ts';
import { PostgresServer } from '../../test/support/postgres.ts';
import type { BenchCase, BenchContext, BenchLine, BenchResult, BenchRow } from '../harness/bench-case.ts';
import { growthRows, ratioRow } from '../harness/statistics.ts';
import { DAY_MS, type History, readingsOf, writeHistory, writeOldRows } from '../storage/history.ts';
import { type Range, type RangeCost, rangeCost } from '../storage/ranges.ts';
import { startRipe } from '../support/ripe-process.ts';
import { tempDir } from '../support/temp-dir.ts';

const SENSORS = 10;
const DAYS = 30;
const YEAR_DAYS = 365;
const NOW = Math.floor(Date.now() / DAY_MS) * DAY_MS;
const HISTORY: History = { sensors: SENSORS, days: DAYS, until: NOW };

/** A month of one sensor by resolution, and its year. */
const RANGES: readonly (Range & { readonly name: string })[] = [
  ...['30m', 'raw', '5m', '1h', '1d'].map((resolution) => ({
    name: `a month as ${resolution}`,
    resolution,
    from: NOW - DAYS * DAY_MS,
    until: NOW,
  })),
  { name: 'a year as 1d', resolution: '1d', from: NOW - YEAR_DAYS * DAY_MS, until: NOW },
];

/** One kind of database: where it is, and how large. */
interface Place {
  readonly name: string;
  readonly dataDir: string;
  readonly databaseUrl: string | null;
  bytes(): Promise<number>;
}

export const storage: BenchCase = {
  name: 'storage',
  title: `${SENSORS} sensors, a reading a minute for ${DAYS} days: bytes, and what it costs to read them`,
  run,
};

async function run(context: BenchContext): Promise<BenchResult> {
  const places = [await sqlitePlace(context), await postgresPlace(context)];
  const rows: BenchRow[] = [];
  const lines: BenchLine[] = [];
  for (const place of places) {
    const measured = await measurePlace(context, place);
    rows.push(...measured.rows);
    lines.push({ name: place.name, points: measured.growth });
  }
  const title = 'Raw readings of a while over REST';
  return { rows, curves: [{ id: 'storage', title, x: 'days', unit: 'ms', lines }] };
}

interface PlaceFigures {
  readonly rows: readonly BenchRow[];
  /** What raw readings of so many days cost. */
  readonly growth: readonly (readonly [days: number, ms: number])[];
}

async function measurePlace(context: BenchContext, place: Place): Promise<PlaceFigures> {
  context.progress(`${place.name}: writing ${readingsOf(HISTORY)} readings`);
  const { bytesPerReading, perSecond } = await fill(place);
  const { url, stop } = await startRipe(context, place.dataDir, {
    ...(place.databaseUrl === null ? {} : { RIPE_DATABASE_URL: place.databaseUrl }),
  });
  const costs = new Map<string, RangeCost>();
  for (const range of RANGES) {
    context.progress(`${place.name}: ${range.name}`);
    costs.set(range.name, await rangeCost(url, range));
  }
  const growth: [number, number][] = [];
  for (const days of [1, 3, 10, DAYS])
    growth.push([
      days,
      (await rangeCost(url, { resolution: 'raw', from: NOW - days * DAY_MS, until: NOW })).ms,
    ]);
  await stop();
  const usual = costs.get('a month as 30m')?.ms ?? 0;
  const rows = [
    { name: `${place.name}: on disk`, value: bytesPerReading, unit: 'B per reading' },
    { name: `${place.name}: written at once`, value: perSecond, unit: 'readings/s' },
    ...RANGES.flatMap(({ name }) => {
      const { rows, ms } = costs.get(name) ?? { rows: 0, ms: 0 };
      return [{ name: `${place.name}: ${name}, ${rows} rows`, value: ms, unit: 'ms' }];
    }),
    ratioRow(`${place.name}: a month raw / as 30m`, costs.get('a month as raw')?.ms ?? 0, usual),
    ratioRow(`${place.name}: a year as 1d / a month as 30m`, costs.get('a year as 1d')?.ms ?? 0, usual),
    ...growthRows(`${place.name}, raw readings with the days`, growth),
  ];
  return { rows, growth };
}

/** Bytes of the readings and their rows alone; the year of rows comes after them. */
async function fill(place: Place): Promise<{ bytesPerReading: number; perSecond: number }> {
  const file = path.join(place.dataDir, 'ripe.db');
  const open = async () => {
    const store = createStore({ file, databaseUrl: place.databaseUrl });
    await store.open();
    return store;
  };
  const empty = await open();
  await empty.close();
  const before = await place.bytes();
  const store = await open();
  const { seconds } = await writeHistory(store, HISTORY);
  // A closed database has nothing left in its log.
  await store.close();
  const bytesPerReading = ((await place.bytes()) - before) / readingsOf(HISTORY);
  const again = await open();
  await writeOldRows(again, NOW - YEAR_DAYS * DAY_MS, NOW - DAYS * DAY_MS);
  await again.close();
  return { bytesPerReading, perSecond: readingsOf(HISTORY) / seconds };
}

async function sqlitePlace(context: BenchContext): Promise<Place> {
  const dataDir = await tempDir(context);
  const file = path.join(dataDir, 'ripe.db');
  return { name: 'SQLite', dataDir, databaseUrl: null, bytes: async () => (await stat(file)).size };
}

async function postgresPlace(context: BenchContext): Promise<Place> {
  const server = new PostgresServer({ isDurable: true });
  context.onEnd(() => server.dispose());
  await server.start();
  const database = await server.createDatabase();
  const size = "select sum(pg_total_relation_size(oid)) as bytes from pg_class where relkind = 'r'";
  return {
    name: 'PostgreSQL',
    dataDir: await tempDir(context),
    databaseUrl: server.url(database),
    bytes: async () => Number((await server.query(size, database))[0]?.['bytes']),
  };
}
