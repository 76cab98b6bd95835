import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { PostgresServer } from '../../../test/support/postgres.ts';

/** By sensor, the numbers of the readings that are in the database. */
export type StoredReadings = ReadonlyMap<number, ReadonlySet<number>>;

const QUERY = 'select sensor, conductivity from';

/** The numbers of the readings, straight from the database: REST shows rows of 30 minutes only. */
export function readingsInSqlite(dataDir: string): StoredReadings {
  const database = new DatabaseSync(path.join(dataDir, 'ripe.db'), { readOnly: true });
  try {
    return bySensor(database.prepare(`${QUERY} readings`).all());
  } finally {
    database.close();
  }
}

export async function readingsInPostgres(server: PostgresServer, database: string): Promise<StoredReadings> {
  return bySensor(await server.query(`${QUERY} ripe.readings`, database));
}

function bySensor(rows: readonly Record<string, unknown>[]): StoredReadings {
  const readings = new Map<number, Set<number>>();
  for (const { sensor, conductivity } of rows) {
    const numbers = readings.get(Number(sensor)) ?? new Set();
    readings.set(Number(sensor), numbers);
    if (conductivity !== null) numbers.add(Number(conductivity));
  }
  return readings;
}
