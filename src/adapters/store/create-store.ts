import type { Store } from '../../domain/store.ts';
import { createPostgresStore } from './postgres/postgres-store.ts';
import type { SqliteBounds } from './sqlite/connect.ts';
import { createSqliteStore } from './sqlite/sqlite-store.ts';
import type { StoreReports } from './store-reports.ts';

export interface StorePlace extends StoreReports {
  /** The SQLite database, where no other one is named. */
  readonly file: string;
  /** A PostgreSQL database. */
  readonly databaseUrl?: string | null;
  /** How long a change that nobody awaits may wait for its commit. */
  readonly tickMs?: number;
  readonly sqlite?: SqliteBounds;
}

export function createStore({ file, databaseUrl, sqlite, ...reports }: StorePlace): Store {
  if (databaseUrl) return createPostgresStore({ ...reports, url: databaseUrl });
  return createSqliteStore({ ...reports, file, ...(sqlite === undefined ? {} : { bounds: sqlite }) });
}
