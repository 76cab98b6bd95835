import type { Kysely } from 'kysely';
import type { SchemaFlavour } from './schema-flavour.ts';

/** Keys that were changed: how long they still work, and what to delete at the brokers afterwards. */
export function formerKeys(flavour: SchemaFlavour): (db: Kysely<unknown>) => Promise<void> {
  return async ({ schema }) => {
    await schema
      .createTable('former_keys')
      .addColumn('sensor', 'integer', (column) => column.notNull())
      .addColumn('key', flavour.text, (column) => column.notNull())
      .addColumn('until', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('former_keys_key', ['sensor', 'key'])
      .$call(flavour.clustered)
      .execute();
  };
}
