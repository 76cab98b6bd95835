import { setTimeout as sleep } from 'node:timers/promises';
import { Kysely, PostgresDialect } from 'kysely';
import { RipeError } from '../../../domain/errors.ts';
import type { ConnectionsStanding, Store } from '../../../domain/store.ts';
import type { Clock } from '../../../domain/time/clock.ts';
import { type Database, DatabaseStore, type OpenDatabase } from '../database-store.ts';
import { GardenQueries } from '../garden-queries.ts';
import { GroupCommit } from '../group-commit.ts';
import { MOST_QUEUED } from '../queue-bound.ts';
import { STALL_MS } from '../stall-watch.ts';
import { type StoreReports, withWarnings } from '../store-reports.ts';
import type { Tables } from '../tables.ts';
import { BatchWriter } from './batch-writer.ts';
import { DatabaseUrl } from './database-url.ts';
import { createPools, type Driver, loadDriver, type Pool, type Pools, requireDriver } from './driver.ts';
import { isAway, reasonOf } from './faults.ts';
import { POSTGRES_PRUNING, SCHEMA } from './postgres-flavour.ts';
import { addWriter, prepareGarden } from './prepare-garden.ts';

export interface PostgresStoreOptions extends StoreReports {
  /** postgres://user:password@host:5432/database; `sslmode` and the like as libpq knows them. */
  readonly url: string;
  /** How long a change that nobody awaits may wait for its commit. */
  readonly tickMs?: number;
  /** After so long a commit counts as one that hangs. */
  readonly stallMs?: number;
  readonly clock?: Clock;
  /** How many changes are kept while the database is away, see QueueBound. */
  readonly most?: number;
  /** Imports `pg`; tests let it be missing. */
  readonly loadDriver?: () => Promise<Driver>;
}

const SHORTEST_DELAY_MS = 200;
const LONGEST_DELAY_MS = 5_000;

/**
 * Keeps a garden in a PostgreSQL database. While that is away, changes are acknowledged once they are queued in
 * this process, up to `most`; they are written in their order when it is back.
 */
export function createPostgresStore(options: PostgresStoreOptions): Store {
  return new DatabaseStore(new PostgresDatabase(options));
}

class PostgresDatabase implements Database {
  readonly #options: PostgresStoreOptions;
  readonly #reports: Required<StoreReports>;
  #url: DatabaseUrl | undefined;
  #giveUp = new AbortController();

  constructor(options: PostgresStoreOptions) {
    this.#options = options;
    this.#reports = withWarnings(options);
  }

  async open(): Promise<OpenDatabase> {
    this.#giveUp = new AbortController();
    const { loadDriver: load = loadDriver, url: text } = this.#options;
    const url = new DatabaseUrl(text);
    this.#url = url;
    const driver = await requireDriver(load);
    const pools = createPools(driver, url);
    try {
      const db = databaseOf(pools);
      const writer = new BatchWriter(pools.writer, await this.#prepare(db, url));
      const commits = this.#commitsTo(writer, url);
      const queries = new GardenQueries(db, POSTGRES_PRUNING);
      const connections = () => [standingOf('writer', pools.writer), standingOf('readers', pools.readers)];
      return { commits, queries, connections, close: () => endPools(pools) };
    } catch (error) {
      await endPools(pools);
      throw error instanceof RipeError ? error : this.#unreachable(url, error);
    }
  }

  giveUp(): void {
    this.#giveUp.abort();
  }

  unreadable(error: unknown): RipeError {
    if (isAway(error) || this.#url === undefined) return new RipeError('RIPE_STORE_FAILED', {}, error);
    return this.#unreachable(this.#url, error);
  }

  /** Waits for a server that is not up yet, as after a power cut; one that refuses is not asked twice. */
  async #prepare(db: Kysely<Tables>, url: DatabaseUrl): Promise<string> {
    const { clock = { now: Date.now } } = this.#options;
    const { signal } = this.#giveUp;
    for (let failures = 1; ; failures += 1) {
      try {
        await prepareGarden(db, url.shown, clock);
        return await addWriter(db);
      } catch (error) {
        if (!isAway(error) || error instanceof RipeError || signal.aborted) throw error;
        if (failures === 1)
          this.#reports.onNotice(`${this.#unreachable(url, error).message}; waiting for it`);
        // Given up meanwhile: the next failure is thrown.
        await sleep(delayMs(failures), undefined, { signal }).catch(() => undefined);
      }
    }
  }

  #commitsTo(writer: BatchWriter, url: DatabaseUrl): GroupCommit {
    const { tickMs = 50, most = MOST_QUEUED, stallMs = STALL_MS } = this.#options;
    const onBack = (lost: number) => {
      const and = lost === 0 ? '' : `; ${lost} changes, the oldest of the history, found no room meanwhile`;
      this.#reports.onNotice(`The database ${url.shown} is back${and}`);
    };
    const onLost = (lost: number) => {
      this.#reports.onNotice(`RIPE ends without its database ${url.shown}: ${lost} changes are lost`);
    };
    const onFailing = (error: RipeError) => {
      if (!isAway(error.cause)) return this.#reports.onFailing(error);
      const { message } = this.#unreachable(url, error.cause);
      this.#reports.onNotice(`${message}; keeping up to ${most} changes until it is back`);
    };
    const onStalled = (seconds: number) =>
      this.#reports.onNotice(
        `The database ${url.shown} has not answered for ${Math.round(seconds)} s; what has to be stored waits, and reads are refused, but what is on ends in time`,
      );
    const onOver = (seconds: number) =>
      this.#reports.onNotice(`The commit that ${url.shown} has kept waiting took ${seconds.toFixed(1)} s`);
    return new GroupCommit({
      ...this.#reports,
      onFailing,
      stallMs,
      onStalled,
      onOver,
      tickMs,
      commitBatch: (changes, durable) => writer.write(changes, durable),
      most,
      onBack,
      away: { isAway, onLost, delayMs, settle: () => writer.settle() },
    });
  }

  #unreachable(url: DatabaseUrl, error: unknown): RipeError {
    const reason = url.hide(reasonOf(error));
    return new RipeError('RIPE_STORE_UNREACHABLE', { database: url.shown, reason }, error);
  }
}

function databaseOf({ readers }: Pools): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool: readers }) }).withSchema(SCHEMA);
}

function standingOf(pool: ConnectionsStanding['pool'], { totalCount, idleCount, waitingCount }: Pool) {
  return { pool, open: totalCount, idle: idleCount, waiting: waitingCount };
}

async function endPools({ writer, readers }: Pools): Promise<void> {
  await Promise.all([writer.end(), readers.end()]);
}

/** 0.2 s to 5 s, and never for two processes at once. */
function delayMs(failures: number): number {
  const longest = Math.min(LONGEST_DELAY_MS, SHORTEST_DELAY_MS * 2 ** failures);
  return longest / 2 + (Math.random() * longest) / 2;
}
