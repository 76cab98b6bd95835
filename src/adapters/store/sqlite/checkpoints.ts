import type { DatabaseSync } from 'node:sqlite';

/** Before the first checkpoint, which measures it, how many pages of the log a statement takes: rather too many. */
const PAGES_PER_STATEMENT = 2;
/** How much longer the log gets where SQLite has to do it by itself. */
const OWN_BOUND = 2;
/** After a checkpoint that could not bring in everything, the next one is due after so much of the usual growth. */
const SOONER = 0.25;

/**
 * Brings the log into the database while nobody waits. SQLite by itself does so within the COMMIT with which the log gets
 * too long, and whoever waits for that one waits for the whole log as well. How long the log is only a checkpoint tells:
 * in between it is reckoned from the statements. SQLite's own bound, which is higher, holds all the same.
 */
export class Checkpoints {
  readonly #database: DatabaseSync;
  readonly #pages: number;
  #pagesPerStatement = PAGES_PER_STATEMENT;
  /** Since the log was begun anew. */
  #statements = 0;
  /** At how many statements the next checkpoint is due. */
  #dueAt: number;

  /** `pages`: how long the log is to get. */
  constructor(database: DatabaseSync, pages: number) {
    this.#database = database;
    this.#pages = pages;
    database.exec(`PRAGMA wal_autocheckpoint = ${OWN_BOUND * pages}`);
    this.#dueAt = this.#statementsOf(pages);
  }

  wrote(statements: number): void {
    this.#statements += statements;
  }

  /** Answers with how many pages the log is left, where one was due; null: none was, or it failed. */
  runIfDue(): number | null {
    if (this.#statements < this.#dueAt) return null;
    try {
      const { log, isWhole } = this.#checkpoint();
      if (log > 0) this.#pagesPerStatement = log / this.#statements;
      if (isWhole) this.#statements = 0;
      this.#dueAt = this.#statements + this.#statementsOf(isWhole ? this.#pages : SOONER * this.#pages);
      return isWhole ? 0 : log;
    } catch {
      // As of SQLite's own: the log holds everything, and commits say what is wrong with the disk.
      this.#dueAt = this.#statements + this.#statementsOf(SOONER * this.#pages);
      return null;
    }
  }

  /** PASSIVE: it waits for nobody who reads. */
  #checkpoint(): { log: number; isWhole: boolean } {
    const row = this.#database.prepare('PRAGMA wal_checkpoint(PASSIVE)').get();
    const log = Number(row?.['log']);
    return { log, isWhole: row?.['busy'] === 0 && row['checkpointed'] === log };
  }

  #statementsOf(pages: number): number {
    return Math.max(1, pages / this.#pagesPerStatement);
  }
}
