import type { Kysely } from 'kysely';

/** How far a job has come: so that a restart can take it up by its rule. */
export async function jobProgress(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('jobs')
    .addColumn('delayed_ms', 'bigint', (column) => column.notNull().defaultTo(0))
    .execute();
  await db.schema.alterTable('jobs').addColumn('seen_at', 'bigint').execute();
}
