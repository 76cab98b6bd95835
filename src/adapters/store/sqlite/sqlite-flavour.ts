import { sql } from 'kysely';
import type { SchemaFlavour } from '../migrations/schema-flavour.ts';
import type { PruningFlavour } from '../pruning.ts';

export const SQLITE_FLAVOUR: SchemaFlavour = {
  text: 'text',
  clustered: (table) => table.modifyEnd(sql`without rowid`),
  // An alias of SQLite's own row number. AUTOINCREMENT would cost a second write per row.
  numbered: (table) => table.addColumn('id', 'integer', (id) => id.primaryKey()),
};

export const SQLITE_PRUNING: PruningFlavour = {
  table: (name) => sql.raw(name),
  address: 'rowid',
  isOneOf: (found) => sql`in (${found})`,
  afterSearch: sql``,
};
