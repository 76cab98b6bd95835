import { describeStore } from './store-contract.ts';
import { tempSqliteStore } from './temp-sqlite-store.ts';

describeStore('The SQLite store', () => tempSqliteStore());
