import { type Kysely, sql } from 'kysely';
import type { EndedPlace } from '../../domain/job/ended-jobs.ts';
import type { JobRecord } from '../../domain/job/job.ts';
import type { Slice } from '../../domain/paging.ts';
import { decode } from './decode.ts';
import type { Tables } from './tables.ts';

/** The reads of jobs. */
export class JobQueries {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async open(): Promise<JobRecord[]> {
    const rows = await this.#db
      .selectFrom('jobs')
      .selectAll()
      // Literal: SQLite uses the index of the open jobs only when it sees the condition itself.
      .where('status', '<>', sql.lit('ended' as const))
      .orderBy('created_at')
      .orderBy('id')
      .execute();
    return rows.map(decode.job);
  }

  async ended(since: number, after: EndedPlace | null, most: number): Promise<JobRecord[]> {
    const from = this.#db
      .selectFrom('jobs')
      .selectAll()
      // Literal: SQLite uses the index of the ended jobs only when it sees the condition itself.
      .where('status', '=', sql.lit('ended' as const))
      .where('ended_at', '>=', after?.endedAt ?? since)
      .where('started_at', 'is not', null)
      .where('sensor', 'is not', null);
    const rest =
      after === null
        ? from
        : from.where(({ eb, or }) => or([eb('ended_at', '>', after.endedAt), eb('id', '>', after.id)]));
    const rows = await rest.orderBy('ended_at').orderBy('id').limit(most).execute();
    return rows.map(decode.job);
  }

  async openOf(sensor: number): Promise<JobRecord[]> {
    const rows = await this.#db
      .selectFrom('jobs')
      .selectAll()
      .where('sensor', '=', sensor)
      .where('ended_at', 'is', null)
      .where('status', '<>', 'ended')
      .orderBy('id')
      .execute();
    return rows.map(decode.job).sort((a, b) => a.createdAt - b.createdAt);
  }

  async endedOf(sensor: number, { range, skip, most }: Slice): Promise<JobRecord[]> {
    const rows = await this.#db
      .selectFrom('jobs')
      .selectAll()
      .where('sensor', '=', sensor)
      .where('ended_at', '>=', range.from)
      .where('ended_at', '<', range.until)
      .orderBy('ended_at', 'desc')
      .orderBy('id', 'desc')
      .limit(most)
      .offset(skip)
      .execute();
    return rows.map(decode.job);
  }

  async find(id: string): Promise<JobRecord | null> {
    const row = await this.#db.selectFrom('jobs').selectAll().where('id', '=', id).executeTakeFirst();
    return row === undefined ? null : decode.job(row);
  }
}
