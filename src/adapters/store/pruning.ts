import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { PrunePolicy } from '../../domain/store.ts';
import type { Tables } from './tables.ts';

/** What the databases say differently when they delete what is old. */
export interface PruningFlavour {
  /** The table, as raw SQL names it. */
  readonly readings: RawBuilder<unknown>;
  /** What finds a row of a table without a key. */
  readonly address: 'rowid' | 'ctid';
  /** Whether `address` is one of those that `found` finds. */
  readonly isOneOf: (found: RawBuilder<unknown>) => RawBuilder<unknown>;
  /** What follows the search. */
  readonly afterSearch: RawBuilder<unknown>;
}

/** One bite of what is too old: readings first, then jobs. */
export async function prune(
  db: Kysely<Tables>,
  flavour: PruningFlavour,
  policy: PrunePolicy,
): Promise<number> {
  const readings = await pruneReadings(db, flavour, policy);
  if (readings >= policy.most) return readings;
  const old = db
    .selectFrom('jobs')
    .select('id')
    // Literal: SQLite uses the index of the ended jobs only when it sees the condition itself.
    .where('status', '=', sql.lit('ended' as const))
    .where('ended_at', '<', policy.jobsBefore)
    .limit(policy.most - readings);
  const { numDeletedRows } = await db.deleteFrom('jobs').where('id', 'in', old).executeTakeFirstOrThrow();
  return readings + Number(numDeletedRows);
}

/** Goes from sensor to sensor by the index (sensor, at): there is none by time alone, which each reading would pay for. */
async function pruneReadings(
  db: Kysely<Tables>,
  { readings, address, isOneOf, afterSearch }: PruningFlavour,
  { readingsBefore, most }: PrunePolicy,
): Promise<number> {
  const found = sql`
    with recursive known(sensor) as (
      select min(sensor) from ${readings}
      union all
      select (select min(sensor) from ${readings} where sensor > known.sensor) from known
      where known.sensor is not null
    )
    select old.${sql.raw(address)} from known cross join ${readings} as old
    where old.sensor = known.sensor and old.at < ${readingsBefore} limit ${most} ${afterSearch}`;
  const { numAffectedRows } = await sql`
    delete from ${readings} where ${sql.raw(address)} ${isOneOf(found)}`.execute(db);
  return Number(numAffectedRows ?? 0);
}
