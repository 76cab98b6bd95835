import type { SqliteStoreOptions } from '../../src/adapters/store/sqlite/sqlite-store.ts';
import { type TempSqliteStore, tempSqliteStore } from './temp-sqlite-store.ts';
import { WatchedWriter } from './watched-writer.ts';

export interface WatchedSqliteStore extends TempSqliteStore {
  readonly writer: WatchedWriter;
}

const ENTRY = new URL('./watched-writer-entry.ts', import.meta.url);

/** A store that commits only when it is asked to, unless `tickMs` says otherwise. */
export async function watchedSqliteStore(
  options: Partial<SqliteStoreOptions> = {},
): Promise<WatchedSqliteStore> {
  const writer = new WatchedWriter();
  const data = { watched: writer.memory };
  const temp = await tempSqliteStore({ tickMs: 60_000, ...options, writer: { module: ENTRY, data } });
  return { ...temp, writer };
}
