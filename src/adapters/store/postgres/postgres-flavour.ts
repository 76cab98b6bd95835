import { sql } from 'kysely';
import type { SchemaFlavour } from '../migrations/schema-flavour.ts';
import type { PruningFlavour } from '../pruning.ts';

/** RIPE's own, so that its tables stand beside anybody's in one database. */
export const SCHEMA = 'ripe';

export const POSTGRES_FLAVOUR: SchemaFlavour = {
  text: sql`text collate "C"`,
  clustered: (table) => table,
  numbered: (table) => table.addColumn('id', 'bigint', (id) => id.generatedAlwaysAsIdentity().primaryKey()),
};

export const POSTGRES_PRUNING: PruningFlavour = {
  table: (name) => sql.table(`${SCHEMA}.${name}`),
  address: 'ctid',
  isOneOf: (found) => sql`= any(array(${found}))`,
  // A row that somebody works with is left for the next bite, so that neither waits for the other.
  afterSearch: sql`for update of old skip locked`,
};
