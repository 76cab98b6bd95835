import { type Kysely, sql } from 'kysely';
import type { Slice } from '../../domain/paging.ts';
import type { Reading } from '../../domain/reading.ts';
import type { DataRow } from '../../domain/row.ts';
import type { SensorCommand } from '../../domain/sensor-command.ts';
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
import { type PruningFlavour, prune } from './pruning.ts';
import type { Tables } from './tables.ts';

/** The reads of a garden, and its pruning; which of its writes they see is the caller's business. */
export class GardenQueries {
  readonly #db: Kysely<Tables>;
  readonly #flavour: PruningFlavour;
  readonly #jobs: JobQueries;

  constructor(db: Kysely<Tables>, flavour: PruningFlavour) {
    this.#db = db;
    this.#flavour = flavour;
    this.#jobs = new JobQueries(db);
  }

  async load(): Promise<GardenRecord> {
    const db = this.#db;
    const meta = await db.selectFrom('meta').selectAll().executeTakeFirstOrThrow();
    const sensors = await db.selectFrom('sensors').selectAll().orderBy('id').execute();
    const agents = await db.selectFrom('agents').selectAll().orderBy('sensor').orderBy('domain').execute();
    const owedClears = await db.selectFrom('owed_clears').selectAll().orderBy('sensor').execute();
    const formerKeys = await db.selectFrom('former_keys').selectAll().orderBy('until').execute();
    return {
      gardenId: meta.garden_id,
      lastSensorId: meta.last_sensor_id,
      epoch: meta.epoch,
      sensors: sensors.map(decode.sensor),
      agents: agents.map(decode.agent),
      newestRows: await this.#newestRows(),
      newestCommands: await this.#newestCommands(),
      logSequences: await this.#logSequences(),
      owedClears: owedClears.map(({ sensor, key }) => ({ sensor, key })),
      formerKeys: formerKeys.map(({ sensor, key, until }) => ({ sensor, key, until })),
    };
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

  endedJobs(since: number) {
    return this.#jobs.ended(since);
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

  prune(policy: PrunePolicy): Promise<number> {
    return prune(this.#db, this.#flavour, policy);
  }

  /**
   * One seek per sensor; grouping would read every row there ever was. The cross join makes SQLite begin with
   * the sensors.
   */
  async #newestRows(): Promise<Map<number, DataRow>> {
    const rows = await this.#db
      .selectFrom('sensors')
      .crossJoin('data_rows')
      .whereRef('data_rows.sensor', '=', 'sensors.id')
      .where('data_rows.at', '=', ({ selectFrom }) =>
        selectFrom('data_rows as newest')
          .select(({ fn }) => fn.max('newest.at').as('at'))
          .whereRef('newest.sensor', '=', 'sensors.id'),
      )
      .selectAll('data_rows')
      .execute();
    return new Map(rows.map((row) => [row.sensor, decode.dataRow(row)]));
  }

  /** As the newest rows. */
  async #newestCommands(): Promise<Map<number, SensorCommand>> {
    const rows = await this.#db
      .selectFrom('sensors')
      .crossJoin('sensor_commands')
      .whereRef('sensor_commands.sensor', '=', 'sensors.id')
      .where('sensor_commands.ordinal', '=', ({ selectFrom }) =>
        selectFrom('sensor_commands as newest')
          .select(({ fn }) => fn.max('newest.ordinal').as('ordinal'))
          .whereRef('newest.sensor', '=', 'sensors.id'),
      )
      .selectAll('sensor_commands')
      .execute();
    return new Map(rows.map((row) => [row.sensor, decode.sensorCommand(row)]));
  }

  async #logSequences(): Promise<Map<number, number>> {
    const rows = await this.#db
      .selectFrom('log_lines')
      .select(({ fn }) => ['sensor', fn.max('sequence').as('sequence')])
      .groupBy('sensor')
      .execute();
    return new Map(rows.map(({ sensor, sequence }) => [sensor, sequence]));
  }
}
