import { type CreateTableBuilder, type Kysely, sql } from 'kysely';
import type { SchemaFlavour } from './schema-flavour.ts';

type Table = CreateTableBuilder<string, string>;
type ColumnType = 'integer' | 'bigint' | 'double precision' | SchemaFlavour['text'];

/**
 * The first schema. Once released it is never edited: a change of the tables is a further migration. So it
 * spells out the metrics instead of importing today's list.
 */
export function firstSchema(flavour: SchemaFlavour): (db: Kysely<unknown>) => Promise<void> {
  return async (db) => {
    await createGarden(db, flavour);
    await createMeasurements(db, flavour);
    await createHistory(db, flavour);
    await createJobs(db, flavour);
  };
}

async function createGarden({ schema }: Kysely<unknown>, { text }: SchemaFlavour): Promise<void> {
  await schema
    .createTable('meta')
    .$call(required(text, 'garden_id'))
    .$call(required('integer', 'last_sensor_id'))
    .$call(required('bigint', 'created_at'))
    .execute();
  await schema
    .createTable('sensors')
    .addColumn('id', 'integer', (id) => id.primaryKey())
    .$call(required(text, 'key', 'name'))
    .$call(required('bigint', 'created_at'))
    .execute();
  await schema
    .createTable('agents')
    .$call(required('integer', 'sensor', 'value'))
    .$call(required(text, 'domain', 'agent_name', 'version', 'state', 'settings'))
    .$call(optional('bigint', 'wake_at'))
    .addPrimaryKeyConstraint('agents_key', ['sensor', 'domain'])
    .execute();
  await schema
    .createTable('owed_clears')
    .addColumn('sensor', 'integer', (sensor) => sensor.primaryKey())
    .$call(required(text, 'key'))
    .execute();
}

async function createMeasurements(
  { schema }: Kysely<unknown>,
  { text, clustered }: SchemaFlavour,
): Promise<void> {
  await schema
    .createTable('data_rows')
    .$call(sensorAndTime)
    .$call(metrics)
    .addPrimaryKeyConstraint('data_rows_key', ['sensor', 'at'])
    .$call(clustered)
    .execute();
  await schema
    .createTable('readings')
    .$call(sensorAndTime)
    .$call(metrics)
    .$call(optional(text, 'extra'))
    .execute();
  await schema.createIndex('readings_by_time').on('readings').columns(['sensor', 'at']).execute();
}

async function createHistory({ schema }: Kysely<unknown>, flavour: SchemaFlavour): Promise<void> {
  const { text } = flavour;
  await schema
    .createTable('log_lines')
    .$call(sensorAndTime)
    .$call(required('integer', 'slot'))
    .$call(required('bigint', 'sequence'))
    .$call(required(text, 'text'))
    .addPrimaryKeyConstraint('log_lines_key', ['sensor', 'slot'])
    .$call(flavour.clustered)
    .execute();
  await schema
    .createTable('commands')
    .$call(flavour.numbered)
    .$call(sensorAndTime)
    .$call(required(text, 'domain'))
    .$call(required('integer', 'value'))
    .execute();
  await schema.createIndex('commands_by_time').on('commands').columns(['sensor', 'at']).execute();
  await schema
    .createTable('decisions')
    .$call(flavour.numbered)
    .$call(sensorAndTime)
    .$call(required(text, 'domain', 'event', 'because', 'agent_name', 'version'))
    .$call(required('integer', 'value'))
    .$call(optional(text, 'job'))
    .execute();
  await schema.createIndex('decisions_by_time').on('decisions').columns(['sensor', 'at']).execute();
}

async function createJobs({ schema }: Kysely<unknown>, { text }: SchemaFlavour): Promise<void> {
  await schema
    .createTable('jobs')
    .addColumn('id', text, (id) => id.primaryKey().notNull())
    .$call(required(text, 'owner', 'plan', 'status'))
    .$call(optional('integer', 'sensor'))
    .$call(optional(text, 'domain', 'because', 'outcome', 'reason'))
    .$call(required('integer', 'neutral'))
    .$call(required('bigint', 'created_at'))
    .$call(optional('bigint', 'started_at', 'ends_at', 'ended_at'))
    .execute();
  await schema.createIndex('jobs_by_sensor').on('jobs').column('sensor').execute();
  await schema
    .createIndex('open_jobs')
    .on('jobs')
    .columns(['created_at', 'id'])
    .where(sql.ref('status'), '<>', 'ended')
    .execute();
}

function sensorAndTime(table: Table): Table {
  return table.$call(required('integer', 'sensor')).$call(required('bigint', 'at'));
}

function metrics(table: Table): Table {
  return table
    .$call(optional('double precision', 'battery', 'moisture', 'temperature', 'humidity'))
    .$call(optional('double precision', 'carbon', 'conductivity', 'light'));
}

function required(type: ColumnType, ...names: string[]): (table: Table) => Table {
  return (table) =>
    names.reduce((all, name) => all.addColumn(name, type, (column) => column.notNull()), table);
}

function optional(type: ColumnType, ...names: string[]): (table: Table) => Table {
  return (table) => names.reduce((all, name) => all.addColumn(name, type), table);
}
