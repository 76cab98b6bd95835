import type { ClientConfig, Pool, PoolClient, PoolConfig } from 'pg';
import { RipeError } from '../../../domain/errors.ts';
import type { DatabaseUrl } from './database-url.ts';

export type Driver = typeof import('pg');
export type { Pool, PoolClient };

export interface Pools {
  /** One connection: batches are written one after the other. */
  readonly writer: Pool;
  readonly readers: Pool;
}

const MOST_READERS = 4;
const CONNECT_WITHIN_MS = 5_000;
/** A server that does not answer for so long is away; without this, a pulled cable would hold everything up for minutes. */
const ANSWER_WITHIN_MS = 10_000;
const INT8 = 20;

/** `pg` is an optional peer: only who names a PostgreSQL URL needs it. */
export async function loadDriver(): Promise<Driver> {
  return (await import('pg')).default as unknown as Driver;
}

export async function requireDriver(load: () => Promise<Driver>): Promise<Driver> {
  try {
    return await load();
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new RipeError('RIPE_STORE_DRIVER_MISSING', {}, error);
  }
}

export function createPools({ Client, Pool, types }: Driver, url: DatabaseUrl): Pools {
  /** An error that nobody listens for ends the process, as a reset does that follows the refusal of a connection. */
  class QuietClient extends Client {
    constructor(config?: string | ClientConfig) {
      super(config);
      this.on('error', () => undefined);
    }
  }
  const config: PoolConfig & { pipeline: boolean } = {
    Client: QuietClient,
    connectionString: url.secret,
    application_name: 'ripe',
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    query_timeout: ANSWER_WITHIN_MS,
    // Whatever is left of a lost connection at the server must not keep its locks.
    idle_in_transaction_session_timeout: ANSWER_WITHIN_MS,
    keepAlive: true,
    // Times and sequences are bigint, and well below 2^53.
    types: { getTypeParser: (oid, format) => (oid === INT8 ? Number : types.getTypeParser(oid, format)) },
    pipeline: false,
  };
  const pools = {
    writer: new Pool({ ...config, max: 1, pipeline: true } as PoolConfig),
    readers: new Pool({ ...config, max: MOST_READERS }),
  };
  // A connection that breaks while nobody uses it leaves its pool; whoever asks next gets another or an error.
  for (const pool of Object.values(pools)) pool.on('error', () => undefined);
  return pools;
}
