import type { Kysely } from 'kysely';

/** Lists the jobs of a sensor in the order in which they ended, and says what hard limits have taken from each. */
export async function jobsOfSensor({ schema }: Kysely<unknown>): Promise<void> {
  await schema.alterTable('jobs').addColumn('cut', 'text').execute();
  // It begins with the sensor, as the index that it replaces.
  await schema.createIndex('jobs_of_sensor').on('jobs').columns(['sensor', 'ended_at', 'id']).execute();
  await schema.dropIndex('jobs_by_sensor').execute();
}
