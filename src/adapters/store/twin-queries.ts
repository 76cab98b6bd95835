import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { SensorCommand } from '../../domain/command/sensor-command.ts';
import type { DataRow } from '../../domain/reading/row.ts';
import type { AgentRecord, SensorRecord, SensorsRecord } from '../../domain/store.ts';
import { decode } from './decode.ts';
import type { Tables } from './tables.ts';

/** Ids of sensors, both included. */
interface Ids {
  readonly from: number;
  readonly to: number;
}

/** The reads of what twins are rebuilt from: some sensors at a time, since all rows of a large garden take much memory. */
export class TwinQueries {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async sensors(after: number, most: number): Promise<SensorRecord[]> {
    const rows = await this.#db
      .selectFrom('sensors')
      .selectAll()
      .where('id', '>', after)
      .orderBy('id')
      .limit(most)
      .execute();
    return rows.map(decode.sensor);
  }

  async load(after: number, most: number): Promise<SensorsRecord> {
    // Everybody else has a turn between one part and the next.
    await nextTurn();
    const sensors = await this.sensors(after, most);
    const ids = { from: after + 1, to: sensors.at(-1)?.id ?? after };
    return {
      sensors,
      agents: await this.#agents(ids),
      newestRows: await this.#newestRows(ids),
      newestCommands: await this.#newestCommands(ids),
      logSequences: await this.#logSequences(ids),
    };
  }

  async #agents({ from, to }: Ids): Promise<AgentRecord[]> {
    const rows = await this.#db
      .selectFrom('agents')
      .selectAll()
      .where('sensor', '>=', from)
      .where('sensor', '<=', to)
      .orderBy('sensor')
      .orderBy('domain')
      .execute();
    return rows.map(decode.agent);
  }

  /**
   * One seek per sensor; grouping would read every row there ever was. The cross join makes SQLite begin with
   * the sensors.
   */
  async #newestRows({ from, to }: Ids): Promise<Map<number, DataRow>> {
    const rows = await this.#db
      .selectFrom('sensors')
      .crossJoin('data_rows')
      .where('sensors.id', '>=', from)
      .where('sensors.id', '<=', to)
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
  async #newestCommands({ from, to }: Ids): Promise<Map<number, SensorCommand>> {
    const rows = await this.#db
      .selectFrom('sensors')
      .crossJoin('sensor_commands')
      .where('sensors.id', '>=', from)
      .where('sensors.id', '<=', to)
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

  async #logSequences({ from, to }: Ids): Promise<Map<number, number>> {
    const rows = await this.#db
      .selectFrom('log_lines')
      .select(({ fn }) => ['sensor', fn.max('sequence').as('sequence')])
      .where('sensor', '>=', from)
      .where('sensor', '<=', to)
      .groupBy('sensor')
      .execute();
    return new Map(rows.map(({ sensor, sequence }) => [sensor, sequence]));
  }
}
