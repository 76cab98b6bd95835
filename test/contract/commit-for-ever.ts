// Commits commands to the store of the file named as argument, and prints the number of each one once it is
// committed, until it is killed.
import { createSqliteStore } from '../../src/adapters/store/sqlite/sqlite-store.ts';
import { make } from './changes.ts';

const store = createSqliteStore({ file: process.argv[2] ?? '' });
await store.open();
for (let value = 0; ; value += 1) {
  store.write({ type: 'commandAdded', command: make.command(0, { value }) });
  await store.commit();
  process.stdout.write(`${value}\n`);
}
