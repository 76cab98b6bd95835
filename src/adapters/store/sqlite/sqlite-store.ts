import type { DatabaseSync } from 'node:sqlite';
import { Kysely, SqliteDialect } from 'kysely';
import type { Clock } from '../../../domain/clock.ts';
import { RipeError } from '../../../domain/errors.ts';
import type { Store } from '../../../domain/store.ts';
import { type Database, DatabaseStore, type OpenDatabase } from '../database-store.ts';
import { GardenQueries } from '../garden-queries.ts';
import { GroupCommit } from '../group-commit.ts';
import { MOST_QUEUED } from '../queue-bound.ts';
import { type StoreReports, withWarnings } from '../store-reports.ts';
import type { Tables } from '../tables.ts';
import { BatchWriter } from './batch-writer.ts';
import { connect } from './connect.ts';
import { NodeSqlite } from './node-sqlite.ts';
import { prepareGarden } from './prepare-garden.ts';
import { SQLITE_PRUNING } from './sqlite-flavour.ts';
import { takeRestore } from './take-restore.ts';

export interface SqliteStoreOptions extends StoreReports {
  readonly file: string;
  /** How long a change that nobody awaits may wait for its commit. */
  readonly tickMs?: number;
  /** How many changes are kept while none can be written (disk full), see QueueBound. */
  readonly most?: number;
  readonly clock?: Clock;
  /** Opens the file; tests look over its shoulder. */
  readonly connect?: (file: string) => DatabaseSync;
}

/** Keeps a garden in one SQLite file. Change records are not to be altered once they are written. */
export function createSqliteStore(options: SqliteStoreOptions): Store {
  return new DatabaseStore(new SqliteFile(options));
}

class SqliteFile implements Database {
  readonly #options: SqliteStoreOptions;

  constructor(options: SqliteStoreOptions) {
    this.#options = options;
  }

  async open(): Promise<OpenDatabase> {
    const { file, clock = { now: Date.now }, tickMs = 50 } = this.#options;
    const reports = withWarnings(this.#options);
    let sqlite: NodeSqlite | undefined;
    try {
      takeRestore(file, clock, reports.onNotice);
      const opened = new NodeSqlite((this.#options.connect ?? connect)(file));
      sqlite = opened;
      const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: opened }) });
      await prepareGarden({ sqlite: opened, db, file, clock });
      const writer = new BatchWriter(opened, db);
      const commits = new GroupCommit({
        ...reports,
        tickMs,
        most: this.#options.most ?? MOST_QUEUED,
        onBack: (lost) => {
          const and =
            lost === 0 ? '' : `; ${lost} changes, the oldest of the history, found no room meanwhile`;
          reports.onNotice(`The database ${file} is written again${and}`);
        },
        commitBatch: (changes, durable) => writer.write(changes, durable),
      });
      return { commits, queries: new GardenQueries(db, SQLITE_PRUNING), close: () => opened.close() };
    } catch (error) {
      sqlite?.close();
      throw error instanceof RipeError ? error : this.unreadable(error);
    }
  }

  unreadable(error: unknown): RipeError {
    const { file } = this.#options;
    const reason = error instanceof Error ? error.message : String(error);
    return new RipeError('RIPE_STORE_UNREADABLE', { file, reason }, error);
  }
}
