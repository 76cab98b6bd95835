import type { Kysely } from 'kysely';

/** What is added to the readings of a sensor, and what was added to each. */
export async function calibration({ schema }: Kysely<unknown>): Promise<void> {
  for (const table of ['sensors', 'readings']) {
    await schema.alterTable(table).addColumn('offsets', 'text').execute();
  }
}
