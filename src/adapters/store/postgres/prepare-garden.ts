import { randomUUID } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { RipeError } from '../../../domain/errors.ts';
import type { Clock } from '../../../domain/time/clock.ts';
import { addMeta } from '../migrations/add-meta.ts';
import { gardenMigrations } from '../migrations/garden-migrations.ts';
import { migrate } from '../migrations/migrate.ts';
import type { Tables } from '../tables.ts';
import { POSTGRES_FLAVOUR, SCHEMA } from './postgres-flavour.ts';

/** "RIPE" in ASCII. Held while tables are made, so that of two processes that start at once one waits. */
const LOCK = 0x52495045;

export const POSTGRES_MIGRATIONS: Readonly<Record<string, Migration>> = {
  ...gardenMigrations(POSTGRES_FLAVOUR),
  '0001-writers': { up: addWriters },
};

/** Makes a database a garden, brings an older garden up to date, and refuses a newer one. */
export function prepareGarden(db: Kysely<Tables>, shown: string, clock: Clock): Promise<void> {
  return db.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(${sql.lit(LOCK)})`.execute(transaction);
    const done = await doneMigrations(transaction);
    if (done.some((name) => !(name in POSTGRES_MIGRATIONS))) {
      throw new RipeError('RIPE_STORE_NEWER', { file: shown });
    }
    if (done.length === Object.keys(POSTGRES_MIGRATIONS).length) return;
    const inSchema = transaction.withSchema(SCHEMA);
    await migrate(inSchema, POSTGRES_MIGRATIONS, SCHEMA);
    await addMeta(inSchema, clock);
  });
}

/** The last batch that each process has committed, see BatchWriter. */
async function addWriters({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('writers')
    .addColumn('id', 'uuid', (id) => id.primaryKey())
    .addColumn('batch', 'bigint', (batch) => batch.notNull())
    .addColumn('at', 'timestamptz', (at) => at.notNull())
    .execute();
}

/** Enters a process that is going to write; those of a year ago are gone for good. */
export async function addWriter(db: Kysely<Tables>): Promise<string> {
  const id = randomUUID();
  const writers = sql.table(`${SCHEMA}.writers`);
  await sql`delete from ${writers} where at < now() - interval '1 year'`.execute(db);
  await sql`insert into ${writers} values (${id}, 0, now())`.execute(db);
  return id;
}

async function doneMigrations(db: Kysely<Tables>): Promise<string[]> {
  const table = sql.table(`${SCHEMA}.kysely_migration`);
  const there = await sql`select to_regclass(${`${SCHEMA}.kysely_migration`}) as found`.execute(db);
  if ((there.rows[0] as { found: string | null }).found === null) return [];
  const { rows } = await sql<{ name: string }>`select name from ${table}`.execute(db);
  return rows.map(({ name }) => name);
}
