import { usePostgres } from '../support/postgres.ts';
import { describeStore } from './store-contract.ts';
import { tempPostgresStore } from './temp-postgres-store.ts';

describe('PostgreSQL', () => {
  const server = usePostgres();
  describeStore('The PostgreSQL store', () => tempPostgresStore(server));
});
