import type { Insertable, Kysely } from 'kysely';
import { COLUMNS } from './columns.ts';
import type { Tables } from './tables.ts';

export type SqlValue = string | number | null;
/** Runs one statement; called in the order in which the statements belong. */
export type Run = (sql: string, parameters: readonly SqlValue[]) => void;

type Written = keyof typeof COLUMNS;
type Row<Name extends Written> = Insertable<Tables[Name]>;

/**
 * Inserts rows of one table; where `keys` are named, a row with the same keys is replaced. The SQL is made
 * once, from the column list and never from a row: a row that lacks a column must fail alone, not shape the
 * statement of all that follow.
 */
export function rowWriter<Name extends Written>(
  db: Kysely<Tables>,
  table: Name,
  keys: readonly (keyof Row<Name> & string)[] = [],
): (row: Row<Name>, run: Run) => void {
  const columns: readonly string[] = COLUMNS[table];
  const sql = insertSql(db, table, columns, keys);
  return (row, run) => {
    const values = row as Readonly<Record<string, SqlValue>>;
    const parameters: SqlValue[] = [];
    for (const column of columns) parameters.push(values[column] as SqlValue);
    run(sql, parameters);
  };
}

function insertSql(
  db: Kysely<Tables>,
  table: string,
  columns: readonly string[],
  keys: readonly string[],
): string {
  // Which table it is is known only here, so Kysely cannot check names; COLUMNS is checked against Tables.
  const untyped = db as unknown as Kysely<Record<string, Record<string, SqlValue>>>;
  const insert = untyped.insertInto(table).values(Object.fromEntries(columns.map((name) => [name, null])));
  if (keys.length === 0) return insert.compile().sql;
  return insert
    .onConflict((conflict) =>
      conflict
        .columns(keys)
        .doUpdateSet(({ ref }) => Object.fromEntries(columns.map((name) => [name, ref(`excluded.${name}`)]))),
    )
    .compile().sql;
}
