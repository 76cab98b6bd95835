import { type Kysely, sql } from 'kysely';

/** Finds the ended jobs that are old enough to be pruned. */
export async function endedJobs({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createIndex('ended_jobs')
    .on('jobs')
    .column('ended_at')
    .where(sql.ref('status'), '=', 'ended')
    .execute();
}
