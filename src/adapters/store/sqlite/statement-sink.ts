import type { Kysely } from 'kysely';
import {
  COLUMNS,
  type Counter,
  KEYS,
  type SqlValue,
  type WrittenRow,
  type WrittenTable,
} from '../columns.ts';
import type { Tables } from '../tables.ts';
import type { WriteSink } from '../write-sink.ts';

/** Runs one statement; called in the order in which the statements belong. */
export type Run = (sql: string, parameters: readonly SqlValue[]) => void;

/**
 * Runs a statement per write. Every SQL text is built once, since building it costs more than running it, and
 * from the column list, never from a row: a row that lacks a column must fail alone, not shape the statement
 * of all that follow.
 */
export class StatementSink implements WriteSink {
  // Which table it is is known only at run time, so Kysely cannot check names; COLUMNS is checked against Tables.
  readonly #db: Kysely<Record<string, Record<string, SqlValue>>>;
  readonly #run: Run;
  readonly #puts = new Map<WrittenTable, string>();
  readonly #updates = new Map<string, string>();
  readonly #removals = new Map<string, string>();
  readonly #raises = new Map<Counter, string>();

  constructor(db: Kysely<Tables>, run: Run) {
    this.#db = db as unknown as Kysely<Record<string, Record<string, SqlValue>>>;
    this.#run = run;
  }

  put<Name extends WrittenTable>(table: Name, row: WrittenRow<Name>): void {
    let sql = this.#puts.get(table);
    if (sql === undefined) {
      sql = this.#insertSql(table);
      this.#puts.set(table, sql);
    }
    const values = row as Readonly<Record<string, SqlValue>>;
    const columns: readonly string[] = COLUMNS[table];
    const parameters: SqlValue[] = new Array(columns.length);
    for (let place = 0; place < columns.length; place += 1)
      parameters[place] = values[columns[place] as string] as SqlValue;
    this.#run(sql, parameters);
  }

  update(
    table: WrittenTable,
    where: Readonly<Record<string, SqlValue>>,
    values: Readonly<Record<string, SqlValue>>,
  ): void {
    const columns = Object.keys(where);
    const name = `${table} by ${columns}: ${Object.keys(values)}`;
    let sql = this.#updates.get(name);
    if (sql === undefined) {
      const all = this.#db.updateTable(table).set(values);
      sql = columns.reduce((query, column) => query.where(column, '=', 0), all).compile().sql;
      this.#updates.set(name, sql);
    }
    this.#run(sql, [...Object.values(values), ...Object.values(where)]);
  }

  remove(table: WrittenTable, where: Readonly<Record<string, SqlValue>>): void {
    const columns = Object.keys(where);
    const name = `${table} by ${columns}`;
    let sql = this.#removals.get(name);
    if (sql === undefined) {
      const all = columns.reduce((query, column) => query.where(column, '=', 0), this.#db.deleteFrom(table));
      sql = all.compile().sql;
      this.#removals.set(name, sql);
    }
    this.#run(sql, Object.values(where));
  }

  raise(counter: Counter, value: number): void {
    let sql = this.#raises.get(counter);
    if (sql === undefined) {
      sql = this.#db
        .updateTable('meta')
        .set({ [counter]: 0 })
        .where(counter, '<', 0)
        .compile().sql;
      this.#raises.set(counter, sql);
    }
    this.#run(sql, [value, value]);
  }

  #insertSql(table: WrittenTable): string {
    const columns: readonly string[] = COLUMNS[table];
    const keys: readonly string[] | undefined = KEYS[table];
    const nothing = Object.fromEntries(columns.map((name) => [name, null]));
    const insert = this.#db.insertInto(table).values(nothing);
    if (keys === undefined) return insert.compile().sql;
    return insert
      .onConflict((conflict) =>
        conflict
          .columns(keys)
          .doUpdateSet(({ ref }) =>
            Object.fromEntries(columns.map((name) => [name, ref(`excluded.${name}`)])),
          ),
      )
      .compile().sql;
  }
}
