import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Clock } from '../../../domain/time/clock.ts';
import type { Tables } from '../tables.ts';

/** Gives a new garden its id; one that has it keeps it. */
export async function addMeta(db: Kysely<Tables>, clock: Clock): Promise<void> {
  const there = await db.selectFrom('meta').select('garden_id').executeTakeFirst();
  if (there !== undefined) return;
  const meta = { garden_id: randomUUID(), last_sensor_id: 0, epoch: 0, created_at: clock.now() };
  await db.insertInto('meta').values(meta).execute();
}
