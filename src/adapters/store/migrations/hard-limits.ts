import type { Kysely } from 'kysely';

/** What guards an agent, what was cut from its decisions, and which jobs wait for their supply. */
export async function hardLimits({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .alterTable('agents')
    .addColumn('guard', 'text', (column) => column.notNull().defaultTo('{}'))
    .execute();
  await schema.alterTable('decisions').addColumn('cut', 'text').execute();
  await schema.alterTable('jobs').addColumn('waits_since', 'bigint').execute();
}
