import type { Kysely } from 'kysely';

/** Counts the starts of the garden and its switches of broker. */
export async function epoch({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .alterTable('meta')
    .addColumn('epoch', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
}
