import type { SQLInputValue } from 'node:sqlite';
import type { Kysely } from 'kysely';
import type { Change } from '../../../domain/store.ts';
import { writeChange } from '../change-writes.ts';
import type { Poison } from '../group-commit.ts';
import type { Tables } from '../tables.ts';
import { isChangeFault } from './change-fault.ts';
import type { NodeSqlite } from './node-sqlite.ts';
import { StatementSink } from './statement-sink.ts';

/**
 * Writes batches, each in one transaction.
 *
 * A batch that somebody awaits is committed with `synchronous = FULL`: it is on disk when this returns. The
 * others are committed with NORMAL, which leaves the moment to the operating system: they survive the death of
 * this process, but a power cut can lose the latest of them (never parts of one).
 */
export class BatchWriter {
  readonly #sqlite: NodeSqlite;
  readonly #sink: StatementSink;
  #synchronous: 'FULL' | 'NORMAL' | undefined;
  /** Whether the file may hold commits that a power cut can lose; those of a killed process count. */
  #atRisk = true;

  constructor(sqlite: NodeSqlite, db: Kysely<Tables>) {
    this.#sqlite = sqlite;
    this.#sink = new StatementSink(db, (sql, parameters) => {
      sqlite.statement(sql).run(...(parameters as SQLInputValue[]));
    });
  }

  /** Returns what could not be written because of itself; throws when nothing was written. */
  write(changes: readonly Change[], durable: boolean): Poison[] {
    if (changes.length === 0 && !(durable && this.#atRisk)) return [];
    this.#setSynchronous(durable ? 'FULL' : 'NORMAL');
    const poison = changes.length === 0 ? this.#sync() : this.#writeAll(changes);
    this.#atRisk = !durable;
    return poison;
  }

  #writeAll(changes: readonly Change[]): Poison[] {
    try {
      return this.#transaction(() => {
        for (const change of changes) writeChange(change, this.#sink);
        return [];
      });
    } catch (error) {
      if (!isChangeFault(error)) throw error;
      return this.#transaction(() => changes.flatMap((change) => this.#writeAlone(change)));
    }
  }

  /** A change is several statements: none or all of them. */
  #writeAlone(change: Change): Poison[] {
    const { database } = this.#sqlite;
    database.exec('SAVEPOINT change');
    try {
      writeChange(change, this.#sink);
      database.exec('RELEASE change');
      return [];
    } catch (error) {
      if (!isChangeFault(error)) throw error;
      database.exec('ROLLBACK TO change');
      database.exec('RELEASE change');
      return [{ error, change }];
    }
  }

  /** Brings earlier commits to the disk: the log is synced as a whole, but only by a commit that changes a page. */
  #sync(): Poison[] {
    const { database } = this.#sqlite;
    const row = database.prepare('PRAGMA user_version').get() as { user_version: number };
    database.exec(`PRAGMA user_version = ${row.user_version ^ 1}`);
    return [];
  }

  #transaction<Result>(work: () => Result): Result {
    const { database } = this.#sqlite;
    database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      database.exec('COMMIT');
      return result;
    } catch (error) {
      this.#rollBack();
      throw error;
    }
  }

  #rollBack(): void {
    try {
      this.#sqlite.database.exec('ROLLBACK');
    } catch {
      // SQLite has rolled back by itself, as it does when the disk is full; the error before this one counts.
    }
  }

  /** SQLite ignores this pragma inside a transaction. */
  #setSynchronous(level: 'FULL' | 'NORMAL'): void {
    if (this.#synchronous === level) return;
    this.#sqlite.database.exec(`PRAGMA synchronous = ${level}`);
    this.#synchronous = level;
  }
}
