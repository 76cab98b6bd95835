import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kysely, SqliteDialect } from 'kysely';
import type { Change } from '../../../domain/change.ts';
import { RipeError } from '../../../domain/errors.ts';
import type { Store } from '../../../domain/store.ts';
import type { Clock } from '../../../domain/time/clock.ts';
import { type Database, DatabaseStore, type OpenDatabase } from '../database-store.ts';
import { GardenQueries } from '../garden-queries.ts';
import { GroupCommit } from '../group-commit.ts';
import { MOST_QUEUED } from '../queue-bound.ts';
import { type StoreReports, withWarnings } from '../store-reports.ts';
import type { Tables } from '../tables.ts';
import { connect, megabytesOf, type SqliteBounds, USUAL_BOUNDS } from './connect.ts';
import { NodeSqlite } from './node-sqlite.ts';
import { isDiskFault } from './opening-fault.ts';
import { prepareGarden } from './prepare-garden.ts';
import { SQLITE_PRUNING } from './sqlite-flavour.ts';
import { SqliteWriter } from './sqlite-writer.ts';
import { takeRestore } from './take-restore.ts';
import { writerDialect } from './writer-dialect.ts';
import type { ThreadOptions } from './writer-thread.ts';

export interface SqliteStoreOptions extends StoreReports {
  readonly file: string;
  /** How long a change that nobody awaits may wait for its commit. */
  readonly tickMs?: number;
  /** How many changes are kept while none can be written (disk full), see QueueBound. */
  readonly most?: number;
  readonly clock?: Clock;
  readonly bounds?: SqliteBounds;
  /** Opens the file for reading, after it was made or brought up to date; tests look over its shoulder. */
  readonly connect?: (file: string, bounds: SqliteBounds) => DatabaseSync;
  /** From one try to open it on a full disk to the next. */
  readonly againMs?: number;
  /** What runs in the thread that writes, instead of what usually does. */
  readonly writer?: ThreadOptions['entry'];
}

const AGAIN_MS = 2_000;
const READERS_SHARE = 0.25;

/** Keeps a garden in one SQLite file. Change records are not to be altered once they are written. */
export function createSqliteStore(options: SqliteStoreOptions): Store {
  return new DatabaseStore(new SqliteFile(options));
}

class SqliteFile implements Database {
  readonly #options: SqliteStoreOptions;
  readonly #reports: Required<StoreReports>;
  #giveUp = new AbortController();

  constructor(options: SqliteStoreOptions) {
    this.#options = options;
    this.#reports = withWarnings(options);
  }

  /** A disk that is full, or read-only, is waited for: without its log SQLite opens no database there. */
  async open(): Promise<OpenDatabase> {
    const { file, againMs = AGAIN_MS } = this.#options;
    this.#giveUp = new AbortController();
    const { signal } = this.#giveUp;
    for (let isTold = false; ; isTold = true) {
      try {
        return await this.#open();
      } catch (error) {
        const { cause } = error as RipeError;
        if (signal.aborted || !isDiskFault(cause)) throw error;
        if (!isTold)
          this.#reports.onNotice(
            `The database ${file} cannot be opened yet, since its disk is full or cannot be written (${String(cause)}); trying again`,
          );
        // Given up meanwhile: the next failure is thrown.
        await sleep(againMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  giveUp(): void {
    this.#giveUp.abort();
  }

  async #open(): Promise<OpenDatabase> {
    const { file, clock = { now: Date.now }, bounds = USUAL_BOUNDS } = this.#options;
    let sqlite: NodeSqlite | undefined;
    try {
      takeRestore(file, clock, this.#reports.onNotice);
      const opened = new NodeSqlite((this.#options.connect ?? connect)(file, readerBounds(bounds)));
      sqlite = opened;
      const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: opened }) });
      await prepareGarden({ sqlite: opened, db, file, clock });
      // From here on the writer writes, and nobody else.
      opened.database.exec('PRAGMA query_only = ON');
      const writer = this.#startWriter(db, bounds);
      const close = () => {
        // First: whoever closes last brings the log into the database, which takes its time.
        opened.close();
        return writer.close();
      };
      const deleting = new Kysely<Tables>({ dialect: writerDialect(writer) });
      const queries = new GardenQueries(db, SQLITE_PRUNING, deleting);
      return { commits: this.#commitsTo(writer), queries, close };
    } catch (error) {
      sqlite?.close();
      throw error instanceof RipeError ? error : this.unreadable(error);
    }
  }

  #startWriter(db: Kysely<Tables>, bounds: SqliteBounds): SqliteWriter {
    const { file, writer: entry } = this.#options;
    const onGone = ({ message }: Error) =>
      this.#reports.onNotice(
        `The thread that writes ${file} has ended (${message}); another one takes its place`,
      );
    const onLongLog = (pages: number) =>
      this.#reports.onNotice(
        `The log of the database ${file} holds ${megabytesOf(pages)} MB, and grows until whoever reads the database has finished`,
      );
    const writer = new SqliteWriter(db, {
      file,
      bounds,
      onGone,
      onLongLog,
      ...(entry === undefined ? {} : { entry }),
    });
    writer.start();
    return writer;
  }

  #commitsTo(writer: SqliteWriter): GroupCommit {
    const { file, tickMs = 50, most = MOST_QUEUED } = this.#options;
    const onBack = (lost: number) => {
      const and = lost === 0 ? '' : `; ${lost} changes, the oldest of the history, found no room meanwhile`;
      this.#reports.onNotice(`The database ${file} is written again${and}`);
    };
    const onStalled = (seconds: number) =>
      this.#reports.onNotice(
        `The disk has not answered for ${Math.round(seconds)} s; what has to be stored in ${file} waits, and reads are refused, but what is on ends in time`,
      );
    const onOver = (seconds: number) =>
      this.#reports.onNotice(`The disk has answered after ${seconds.toFixed(1)} s to a commit in ${file}`);
    const commitBatch = (changes: readonly Change[], durable: boolean) => writer.write(changes, durable);
    return new GroupCommit({ ...this.#reports, tickMs, most, onBack, onStalled, onOver, commitBatch });
  }

  unreadable(error: unknown): RipeError {
    const { file } = this.#options;
    const reason = error instanceof Error ? error.message : String(error);
    return new RipeError('RIPE_STORE_UNREADABLE', { file, reason }, error);
  }
}

/** Every commit of the writer makes what a reader has in memory worthless. */
function readerBounds(bounds: SqliteBounds): SqliteBounds {
  return { ...bounds, cacheKib: bounds.cacheKib * READERS_SHARE };
}
