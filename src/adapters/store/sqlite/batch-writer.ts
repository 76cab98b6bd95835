import { isChangeFault } from './change-fault.ts';
import type { NodeSqlite } from './node-sqlite.ts';
import { type BoundStatement, changesOf, type PackedBatch } from './packed-batch.ts';

/** A change that could not be written because of itself: its place in the batch, and why. */
export interface Refusal {
  readonly place: number;
  readonly error: unknown;
}

/**
 * Writes batches, each in one transaction.
 *
 * A batch that somebody awaits is committed with `synchronous = FULL`: it is on disk when this returns. The
 * others are committed with NORMAL, which leaves the moment to the operating system: they survive the death of
 * this process, but a power cut can lose the latest of them (never parts of one).
 */
export class BatchWriter {
  readonly #sqlite: NodeSqlite;
  readonly #texts: readonly string[];
  readonly #onCommit: () => void;
  /** How many statements it has run. */
  statementsRun = 0;
  #synchronous: 'FULL' | 'NORMAL' | undefined;
  /** Whether the file may hold commits that a power cut can lose; those of a killed process count. */
  #atRisk = true;

  /** `texts`: the statements, by their number. `onCommit` is called as soon as a batch is committed. */
  constructor(sqlite: NodeSqlite, texts: readonly string[], onCommit: () => void) {
    this.#sqlite = sqlite;
    this.#texts = texts;
    this.#onCommit = onCommit;
  }

  /** Returns what could not be written because of itself; throws when nothing was written. */
  write(batch: PackedBatch, durable: boolean): Refusal[] {
    const isEmpty = batch.numbers.length === 0;
    if (isEmpty && !(durable && this.#atRisk)) return [];
    this.#setSynchronous(durable ? 'FULL' : 'NORMAL');
    const refusals = isEmpty ? this.#sync() : this.#writeAll(batch);
    // Of a batch that was refused as a whole nothing was synced.
    this.#atRisk = !durable || refusals.length > 0;
    return refusals;
  }

  #writeAll(batch: PackedBatch): Refusal[] {
    try {
      return this.#transaction(() => {
        for (const statements of changesOf(batch)) this.#run(statements);
        return [];
      });
    } catch (error) {
      if (!isChangeFault(error)) throw error;
      return this.#transaction(() =>
        [...changesOf(batch)].flatMap((statements, place) => this.#writeAlone(statements, place)),
      );
    }
  }

  /** A change is several statements: none or all of them. */
  #writeAlone(statements: readonly BoundStatement[], place: number): Refusal[] {
    const { database } = this.#sqlite;
    database.exec('SAVEPOINT change');
    try {
      this.#run(statements);
      database.exec('RELEASE change');
      return [];
    } catch (error) {
      if (!isChangeFault(error)) throw error;
      database.exec('ROLLBACK TO change');
      database.exec('RELEASE change');
      return [{ place, error }];
    }
  }

  #run(statements: readonly BoundStatement[]): void {
    this.statementsRun += statements.length;
    for (const { statement, values } of statements) {
      this.#sqlite.statement(this.#texts[statement] as string).run(...values);
    }
  }

  /** Brings earlier commits to the disk: the log is synced as a whole, but only by a commit that changes a page. */
  #sync(): Refusal[] {
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
      this.#onCommit();
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
