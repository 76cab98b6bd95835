import type { DatabaseSync } from 'node:sqlite';
import { connect } from '../../src/adapters/store/sqlite/connect.ts';
import type { SqliteStoreOptions } from '../../src/adapters/store/sqlite/sqlite-store.ts';
import { type TempSqliteStore, tempSqliteStore } from './temp-sqlite-store.ts';

export interface WatchedSqliteStore extends TempSqliteStore {
  /** The store's own connection. */
  readonly database: DatabaseSync;
  /** What the store executed besides prepared statements: transactions and pragmas. */
  readonly executed: string[];
}

/** A store that commits only when it is asked to, unless `tickMs` says otherwise. */
export async function watchedSqliteStore(
  options: Partial<SqliteStoreOptions> = {},
): Promise<WatchedSqliteStore> {
  const executed: string[] = [];
  const databases: DatabaseSync[] = [];
  const watch = (file: string) => {
    const database = connect(file);
    const exec = database.exec.bind(database);
    database.exec = (text) => {
      executed.push(text);
      exec(text);
    };
    databases.push(database);
    return database;
  };
  const temp = await tempSqliteStore({ tickMs: 60_000, ...options, connect: watch });
  executed.length = 0;
  return {
    ...temp,
    executed,
    get database() {
      return databases.at(-1) as DatabaseSync;
    },
  };
}
