import type { Kysely } from 'kysely';
import type { SchemaFlavour } from './schema-flavour.ts';

/** The newest commands of each sensor and what has become of them: a ring, as the log. */
export function sensorCommands(flavour: SchemaFlavour): (db: Kysely<unknown>) => Promise<void> {
  return async ({ schema }) => {
    await schema
      .createTable('sensor_commands')
      .addColumn('sensor', 'integer', (column) => column.notNull())
      .addColumn('slot', 'integer', (column) => column.notNull())
      .addColumn('ordinal', 'bigint', (column) => column.notNull())
      .addColumn('id', flavour.text, (column) => column.notNull())
      .addColumn('epoch', 'integer', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('agents', flavour.text, (column) => column.notNull())
      .addColumn('state', flavour.text, (column) => column.notNull())
      .addColumn('state_at', 'bigint', (column) => column.notNull())
      .addColumn('observed', flavour.text)
      .addColumn('reason', flavour.text)
      .addPrimaryKeyConstraint('sensor_commands_key', ['sensor', 'slot'])
      .$call(flavour.clustered)
      .execute();
    // The start reads the newest one of every sensor: a seek each.
    await schema
      .createIndex('newest_commands')
      .on('sensor_commands')
      .columns(['sensor', 'ordinal'])
      .execute();
  };
}
