import { type Kysely, sql } from 'kysely';
import type { SensorCommand } from '../../domain/command/sensor-command.ts';
import type { EndedPlace } from '../../domain/job/ended-jobs.ts';
import type { Slice } from '../../domain/paging.ts';
import type { Reading } from '../../domain/reading/reading.ts';
import type { DataRow } from '../../domain/reading/row.ts';
import {
  type CommandRecord,
  type DecisionRecord,
  type GardenRecord,
  type LogLine,
  MOST_IN_RANGE,
  type PrunePolicy,
  type TimeRange,
} from '../../domain/store.ts';
import { decode } from './decode.ts';
import { JobQueries } from './job-queries.ts';
import { erase, type PruningFlavour, prune } from './pruning.ts';
import type { Tables } from './tables.ts';
import { TwinQueries } from './twin-queries.ts';

/** The reads of a garden, and its pruning; which of its writes they see is the caller's business. */
export class GardenQueries {
  readonly #db: Kysely<Tables>;
  readonly #flavour: PruningFlavour;
  readonly #jobs: JobQueries;
  readonly #twins: TwinQueries;
  readonly #deleting: Kysely<Tables>;

  /** `deleting`: by what rows are deleted, where `db` only reads. */
  constructor(db: Kysely<Tables>, flavour: PruningFlavour, deleting = db) {
    this.#db = db;
    this.#deleting = deleting;
    this.#flavour = flavour;
    this.#jobs = new JobQueries(db);
    this.#twins = new TwinQueries(db);
  }

  async load(): Promise<GardenRecord> {
    const db = this.#db;
    const meta = await db.selectFrom('meta').selectAll().executeTakeFirstOrThrow();
    const owedClears = await db.selectFrom('owed_clears').selectAll().orderBy('sensor').execute();
    const formerKeys = await db.selectFrom('former_keys').selectAll().orderBy('until').execute();
    return {
      gardenId: meta.garden_id,
      lastSensorId: meta.last_sensor_id,
      epoch: meta.epoch,
      owedClears: owedClears.map(({ sensor, key }) => ({ sensor, key })),
      formerKeys: formerKeys.map(({ sensor, key, until }) => ({ sensor, key, until })),
    };
  }

  sensors(after: number, most: number) {
    return this.#twins.sensors(after, most);
  }

  loadSensors(after: number, most: number) {
    return this.#twins.load(after, most);
  }

  openJobs() {
    return this.#jobs.open();
  }

  openJobsOf(sensor: number) {
    return this.#jobs.openOf(sensor);
  }

  endedJobsOf(sensor: number, slice: Slice) {
    return this.#jobs.endedOf(sensor, slice);
  }

  endedJobs(since: number, after: EndedPlace | null, most: number) {
    return this.#jobs.ended(since, after, most);
  }

  job(id: string) {
    return this.#jobs.find(id);
  }

  async rows(sensor: number, range: TimeRange, most = MOST_IN_RANGE): Promise<DataRow[]> {
    const rows = await this.#db
      .selectFrom('data_rows')
      .selectAll()
      .where('sensor', '=', sensor)
      .where('at', '>=', range.from)
      .where('at', '<', range.until)
      .orderBy('at')
      .limit(most)
      .execute();
    return rows.map(decode.dataRow);
  }

  async firstRow(sensor: number): Promise<DataRow | null> {
    const row = await this.#db
      .selectFrom('data_rows')
      .selectAll()
      .where('sensor', '=', sensor)
      .orderBy('at')
      .limit(1)
      .executeTakeFirst();
    return row === undefined ? null : decode.dataRow(row);
  }

  async log(sensor: number, most: number): Promise<LogLine[]> {
    const rows = await this.#db
      .selectFrom('log_lines')
      .selectAll()
      .where('sensor', '=', sensor)
      .orderBy('sequence', 'desc')
      .limit(most)
      .execute();
    return rows.reverse().map(decode.logLine);
  }

  async commands(sensor: number, range: TimeRange, most = MOST_IN_RANGE): Promise<CommandRecord[]> {
    const rows = await this.#db
      .selectFrom('commands')
      .selectAll()
      .where('sensor', '=', sensor)
      .where('at', '>=', range.from)
      .where('at', '<', range.until)
      .orderBy('at')
      .orderBy('id')
      .limit(most)
      .execute();
    return rows.map(decode.command);
  }

  async readings(sensor: number, { range, skip, most }: Slice): Promise<Reading[]> {
    const rows = await this.#db
      .selectFrom('readings')
      .selectAll()
      .where('sensor', '=', sensor)
      .where('at', '>=', range.from)
      .where('at', '<', range.until)
      .orderBy('at')
      // They have no key: this is the order in which they came.
      .orderBy(sql.raw(this.#flavour.address))
      .limit(most)
      .offset(skip)
      .execute();
    return rows.map(decode.reading);
  }

  async decisions(sensor: number, { range, skip, most }: Slice): Promise<DecisionRecord[]> {
    const rows = await this.#db
      .selectFrom('decisions')
      .selectAll()
      .where('sensor', '=', sensor)
      .where('at', '>=', range.from)
      .where('at', '<', range.until)
      .orderBy('at', 'desc')
      .orderBy('id', 'desc')
      .limit(most)
      .offset(skip)
      .execute();
    return rows.map(decode.decision);
  }

  async sensorCommands(sensor: number, most: number): Promise<SensorCommand[]> {
    const rows = await this.#db
      .selectFrom('sensor_commands')
      .selectAll()
      .where('sensor', '=', sensor)
      .orderBy('ordinal', 'desc')
      .limit(most)
      .execute();
    return rows.map(decode.sensorCommand);
  }

  async ping(): Promise<void> {
    await this.#db.selectFrom('meta').select('last_sensor_id').executeTakeFirstOrThrow();
  }

  erase(sensor: number, most: number): Promise<number> {
    return erase(this.#deleting, this.#flavour, sensor, most);
  }

  prune(policy: PrunePolicy): Promise<number> {
    return prune(this.#deleting, this.#flavour, policy);
  }
}
