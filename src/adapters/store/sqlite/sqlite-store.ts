import type { DatabaseSync } from 'node:sqlite';
import { Kysely, SqliteDialect } from 'kysely';
import type { Clock } from '../../../domain/clock.ts';
import { RipeError } from '../../../domain/errors.ts';
import type { Change, Store, TimeRange } from '../../../domain/store.ts';
import { compileChangeWrites } from '../change-writes.ts';
import { GardenQueries } from '../garden-queries.ts';
import { GroupCommit } from '../group-commit.ts';
import type { Tables } from '../tables.ts';
import { BatchWriter } from './batch-writer.ts';
import { connect } from './connect.ts';
import { NodeSqlite } from './node-sqlite.ts';
import { prepareGarden } from './prepare-garden.ts';

export interface SqliteStoreOptions {
  readonly file: string;
  /** How long a change that nobody awaits may wait for its commit. */
  readonly tickMs?: number;
  readonly clock?: Clock;
  /** Told of a change that can never be written, and is dropped. Without it: a process warning. */
  readonly onPoison?: (error: unknown, change: Change) => void;
  /** Told when commits begin to fail; the changes are kept and tried again. Without it: a process warning. */
  readonly onFailing?: (error: RipeError) => void;
  /** Opens the file; tests look over its shoulder. */
  readonly connect?: (file: string) => DatabaseSync;
}

interface OpenStore {
  readonly sqlite: NodeSqlite;
  readonly commits: GroupCommit;
  readonly queries: GardenQueries;
}

/** Keeps a garden in one SQLite file. Change records are not to be altered once they are written. */
export function createSqliteStore(options: SqliteStoreOptions): Store {
  return new SqliteStore(options);
}

class SqliteStore implements Store {
  readonly #options: SqliteStoreOptions;
  #opening: Promise<OpenStore> | undefined;
  #open: OpenStore | undefined;

  constructor(options: SqliteStoreOptions) {
    this.#options = options;
  }

  async open(): Promise<void> {
    this.#opening ??= this.#openFile();
    try {
      this.#open = await this.#opening;
    } catch (error) {
      this.#opening = undefined;
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#opening?.catch(() => undefined);
    const open = this.#open;
    if (open === undefined) return;
    this.#open = undefined;
    this.#opening = undefined;
    try {
      await open.commits.stop();
    } finally {
      open.sqlite.close();
    }
  }

  write(change: Change): void {
    this.#opened().commits.write(change);
  }

  async commit(): Promise<void> {
    await this.#opened().commits.commit();
  }

  load() {
    return this.#read((queries) => queries.load());
  }

  openJobs() {
    return this.#read((queries) => queries.openJobs());
  }

  rows(sensor: number, range: TimeRange) {
    return this.#read((queries) => queries.rows(sensor, range));
  }

  firstRow(sensor: number) {
    return this.#read((queries) => queries.firstRow(sensor));
  }

  log(sensor: number, most: number) {
    return this.#read((queries) => queries.log(sensor, most));
  }

  commands(sensor: number, range: TimeRange) {
    return this.#read((queries) => queries.commands(sensor, range));
  }

  decisions(sensor: number, range: TimeRange, most: number) {
    return this.#read((queries) => queries.decisions(sensor, range, most));
  }

  async ping(): Promise<void> {
    const { queries } = this.#opened();
    await queries.ping().catch((error: unknown) => this.#unreadable(error));
  }

  async #read<Result>(query: (queries: GardenQueries) => Promise<Result>): Promise<Result> {
    const { commits, queries } = this.#opened();
    await commits.flush();
    return query(queries).catch((error: unknown) => this.#unreadable(error));
  }

  async #openFile(): Promise<OpenStore> {
    const { file, clock = { now: Date.now } } = this.#options;
    let sqlite: NodeSqlite | undefined;
    try {
      sqlite = new NodeSqlite((this.#options.connect ?? connect)(file));
      const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: sqlite }) });
      await prepareGarden({ sqlite, db, file, clock });
      const writer = new BatchWriter(sqlite, compileChangeWrites(db));
      return { sqlite, commits: this.#commitsTo(writer), queries: new GardenQueries(db) };
    } catch (error) {
      sqlite?.close();
      return this.#unreadable(error);
    }
  }

  #commitsTo(writer: BatchWriter): GroupCommit {
    const { tickMs = 50, onPoison = warnOfPoison, onFailing = warnOfFailing } = this.#options;
    const commitBatch = (changes: readonly Change[], durable: boolean) => writer.write(changes, durable);
    return new GroupCommit({ tickMs, commitBatch, onPoison, onFailing });
  }

  #opened(): OpenStore {
    if (this.#open === undefined) {
      throw new RipeError('RIPE_STORE_FAILED', {}, new Error('The store is not open'));
    }
    return this.#open;
  }

  #unreadable(error: unknown): never {
    if (error instanceof RipeError) throw error;
    const { file } = this.#options;
    const reason = error instanceof Error ? error.message : String(error);
    throw new RipeError('RIPE_STORE_UNREADABLE', { file, reason }, error);
  }
}

/** Names the kind of the change only: the rest may hold a key. */
function warnOfPoison(error: unknown, { type }: Change): void {
  process.emitWarning(`A change (${type}) can never be stored and was dropped: ${String(error)}`);
}

function warnOfFailing(error: RipeError): void {
  process.emitWarning(`${error.message}; trying again: ${String(error.cause)}`);
}
