import type { DatabaseSync } from 'node:sqlite';
import type { Kysely } from 'kysely';
import { RipeError } from '../../../domain/errors.ts';
import type { Clock } from '../../../domain/time/clock.ts';
import { addMeta } from '../migrations/add-meta.ts';
import { gardenMigrations } from '../migrations/garden-migrations.ts';
import { migrate } from '../migrations/migrate.ts';
import type { Tables } from '../tables.ts';
import type { NodeSqlite } from './node-sqlite.ts';
import { SQLITE_FLAVOUR } from './sqlite-flavour.ts';

/** "RIPE" in ASCII: marks a file as ours, so that no other program's database is migrated. */
const APPLICATION_ID = 0x52495045;
const MIGRATIONS = gardenMigrations(SQLITE_FLAVOUR);

export interface PrepareOptions {
  readonly sqlite: NodeSqlite;
  readonly db: Kysely<Tables>;
  readonly file: string;
  readonly clock: Clock;
}

/** Makes an empty file a garden, brings an older garden up to date, and refuses everything else. */
export async function prepareGarden({ sqlite, db, file, clock }: PrepareOptions): Promise<void> {
  const { database } = sqlite;
  const done = knownMigrations(database, file);
  if (done.length === Object.keys(MIGRATIONS).length) return;
  // Kysely's migrator uses no transaction on SQLite; half a schema could never be completed. Immediate: two
  // processes that open a new file at once do this one after the other, and the second finds it done.
  database.exec('BEGIN IMMEDIATE');
  try {
    await migrate(db, MIGRATIONS);
    await addMeta(db, clock);
    database.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

/** Throws if a database is no garden of this RIPE or an older one; `name` is what a person knows it by. */
export function checkGarden(database: DatabaseSync, name: string): void {
  if (knownMigrations(database, name).length === 0) throw new Error('it is empty');
}

function knownMigrations(database: DatabaseSync, file: string): string[] {
  const done = doneMigrations(database);
  if (done.some((name) => !(name in MIGRATIONS))) throw new RipeError('RIPE_STORE_NEWER', { file });
  return done;
}

function doneMigrations(database: DatabaseSync): string[] {
  const tables = database.prepare('SELECT count(*) AS count FROM sqlite_schema').get();
  if (tables?.count === 0) return [];
  const mark = database.prepare('PRAGMA application_id').get();
  if (mark?.application_id !== APPLICATION_ID) throw new Error('it is not a database of RIPE');
  const rows = database.prepare('SELECT name FROM kysely_migration').all();
  return rows.map(({ name }) => String(name));
}
