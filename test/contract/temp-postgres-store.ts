import {
  createPostgresStore,
  type PostgresStoreOptions,
} from '../../src/adapters/store/postgres/postgres-store.ts';
import type { Store } from '../../src/domain/store.ts';
import type { PostgresServer } from '../support/postgres.ts';
import type { TestStore } from './store-contract.ts';

/** An open store in a database of its own. */
export async function tempPostgresStore(
  server: PostgresServer,
  options: Partial<PostgresStoreOptions> = {},
): Promise<TestStore & { readonly database: string }> {
  const database = await server.createDatabase();
  let store: Store;
  const open = async () => {
    store = createPostgresStore({ url: server.url(database), ...options });
    await store.open();
    return store;
  };
  return {
    database,
    store: await open(),
    async reopen() {
      await store.close();
      return open();
    },
    async dispose() {
      await store.close();
      await server.recycle(database);
    },
  };
}
