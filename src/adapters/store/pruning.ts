import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { PrunePolicy } from '../../domain/store.ts';
import type { Tables } from './tables.ts';

/** What the databases say differently when they delete what is old. */
export interface PruningFlavour {
  /** A table, as raw SQL names it. */
  readonly table: (name: keyof Tables) => RawBuilder<unknown>;
  /** What finds a row of a table without a key. */
  readonly address: 'rowid' | 'ctid';
  /** Whether `address` is one of those that `found` finds. */
  readonly isOneOf: (found: RawBuilder<unknown>) => RawBuilder<unknown>;
  /** What follows the search. */
  readonly afterSearch: RawBuilder<unknown>;
}

/** A table whose rows have a sensor and a time, by which there is an index. */
interface TimedTable {
  readonly name: 'readings' | 'data_rows' | 'commands' | 'decisions';
  /** The columns that name one row; null: it has none. */
  readonly key: readonly string[] | null;
  readonly before: (policy: PrunePolicy) => number | null;
}

const TIMED: readonly TimedTable[] = [
  { name: 'readings', key: null, before: ({ readingsBefore }) => readingsBefore },
  { name: 'data_rows', key: ['sensor', 'at'], before: ({ rowsBefore }) => rowsBefore },
  { name: 'commands', key: ['id'], before: ({ historyBefore }) => historyBefore },
  { name: 'decisions', key: ['id'], before: ({ historyBefore }) => historyBefore },
];

/** One bite of what is too old, table by table. */
export async function prune(
  db: Kysely<Tables>,
  flavour: PruningFlavour,
  policy: PrunePolicy,
): Promise<number> {
  let count = await pruneJobs(db, policy);
  for (const table of TIMED) {
    const before = table.before(policy);
    const most = policy.most - count;
    if (before !== null && most > 0) count += await pruneTimed(db, flavour, table, { before, most });
  }
  return count;
}

/** One bite of what there is of a sensor, table by table. Its jobs are few beside that. */
export async function erase(
  db: Kysely<Tables>,
  flavour: PruningFlavour,
  sensor: number,
  most: number,
): Promise<number> {
  let count = 0;
  for (const table of TIMED) {
    if (count === most) break;
    const found = sql`
      select ${columnsOf(table, flavour, 'old')} from ${flavour.table(table.name)} as old
      where old.sensor = ${sensor} limit ${most - count} ${flavour.afterSearch}`;
    count += await deleteFound(db, flavour, table, found);
  }
  return count;
}

async function pruneJobs(db: Kysely<Tables>, { jobsBefore, most }: PrunePolicy): Promise<number> {
  if (jobsBefore === null) return 0;
  const old = db
    .selectFrom('jobs')
    .select('id')
    // Literal: SQLite uses the index of the ended jobs only when it sees the condition itself.
    .where('status', '=', sql.lit('ended' as const))
    .where('ended_at', '<', jobsBefore)
    .limit(most);
  const { numDeletedRows } = await db.deleteFrom('jobs').where('id', 'in', old).executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}

/** Goes from sensor to sensor by the index (sensor, at): there is none by time alone, which each row would pay for. */
async function pruneTimed(
  db: Kysely<Tables>,
  flavour: PruningFlavour,
  table: TimedTable,
  { before, most }: { before: number; most: number },
): Promise<number> {
  const rows = flavour.table(table.name);
  const found = sql`
    with recursive known(sensor) as (
      select min(sensor) from ${rows}
      union all
      select (select min(sensor) from ${rows} where sensor > known.sensor) from known
      where known.sensor is not null
    )
    select ${columnsOf(table, flavour, 'old')} from known cross join ${rows} as old
    where old.sensor = known.sensor and old.at < ${before} limit ${most} ${flavour.afterSearch}`;
  return deleteFound(db, flavour, table, found);
}

/** What names a row, of a table that goes by that name. */
function columnsOf({ key }: TimedTable, { address }: PruningFlavour, name: string): RawBuilder<unknown> {
  return sql.join((key ?? [address]).map((column) => sql.raw(`${name}.${column}`)));
}

async function deleteFound(
  db: Kysely<Tables>,
  { table, address, isOneOf }: PruningFlavour,
  { name, key }: TimedTable,
  found: RawBuilder<unknown>,
): Promise<number> {
  const rows = table(name);
  const columns = (key ?? [address]).map((column) => sql.raw(column));
  const condition =
    key === null ? sql`${sql.raw(address)} ${isOneOf(found)}` : sql`(${sql.join(columns)}) in (${found})`;
  const { numAffectedRows } = await sql`delete from ${rows} where ${condition}`.execute(db);
  return Number(numAffectedRows ?? 0);
}
