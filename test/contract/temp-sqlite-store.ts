import { createSqliteStore, type SqliteStoreOptions } from '../../src/adapters/store/sqlite/sqlite-store.ts';
import type { Store } from '../../src/domain/store.ts';
import type { TestStore } from './store-contract.ts';
import { tempFile } from './temp-file.ts';

export interface TempSqliteStore extends TestStore {
  readonly file: string;
}

/** An open store in a directory of its own; `dispose` closes it and deletes the directory. */
export async function tempSqliteStore(options: Partial<SqliteStoreOptions> = {}): Promise<TempSqliteStore> {
  const { file, dispose } = await tempFile('garden.db');
  let store: Store;
  const open = async () => {
    store = createSqliteStore({ file, ...options });
    await store.open();
    return store;
  };
  return {
    file,
    store: await open(),
    async reopen() {
      await store.close();
      return open();
    },
    async dispose() {
      await store.close();
      await dispose();
    },
  };
}
