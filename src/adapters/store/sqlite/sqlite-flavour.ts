import { sql } from 'kysely';
import type { SchemaFlavour } from '../migrations/schema-flavour.ts';

export const SQLITE_FLAVOUR: SchemaFlavour = {
  clustered: (table) => table.modifyEnd(sql`without rowid`),
  // An alias of SQLite's own row number. AUTOINCREMENT would cost a second write per row.
  numbered: (table) => table.addColumn('id', 'integer', (id) => id.primaryKey()),
};
