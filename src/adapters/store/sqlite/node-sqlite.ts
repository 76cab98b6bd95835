import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { SqliteDatabase, SqliteStatement } from 'kysely';

const ANSWERS = /^\s*(?:select|with|values|pragma|explain)\b|\breturning\b/i;

/**
 * Gives `node:sqlite` the shape that Kysely's dialect expects, and prepares every text once. Texts hold
 * placeholders, never values, so there are few of them.
 */
export class NodeSqlite implements SqliteDatabase {
  readonly database: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.database = database;
  }

  statement(text: string): StatementSync {
    let statement = this.#prepared.get(text);
    if (statement === undefined) {
      statement = this.database.prepare(text);
      this.#prepared.set(text, statement);
    }
    return statement;
  }

  prepare(text: string): SqliteStatement {
    const statement = this.statement(text);
    return {
      // By its text: StatementSync.columns(), which would tell, does not exist in every Node 22. A wrong
      // yes costs only the count of changed rows.
      reader: ANSWERS.test(text),
      all: (values) => statement.all(...inputs(values)),
      run: (values) => statement.run(...inputs(values)),
      // A statement of its own: the shared one would be reset by the next query of the same text.
      iterate: (values) => this.database.prepare(text).iterate(...inputs(values)),
    };
  }

  close(): void {
    this.#prepared.clear();
    this.database.close();
  }
}

function inputs(values: readonly unknown[]): SQLInputValue[] {
  return values as SQLInputValue[];
}
