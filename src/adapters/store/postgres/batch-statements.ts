import type { Change } from '../../../domain/change.ts';
import { writeChange } from '../change-writes.ts';
import {
  COLUMNS,
  type Counter,
  KEYS,
  type SqlValue,
  type WrittenRow,
  type WrittenTable,
} from '../columns.ts';
import type { WriteSink } from '../write-sink.ts';
import { UnwritableChange } from './faults.ts';
import { SCHEMA } from './postgres-flavour.ts';

export interface Statement {
  readonly text: string;
  readonly values: readonly SqlValue[];
}

/** What many changes do, in few statements: one per table, unless something is removed in between. */
export function batchStatements(changes: readonly Change[]): Statement[] {
  const sink = new BatchSink();
  for (const change of changes) {
    try {
      writeChange(change, sink);
    } catch (error) {
      throw new UnwritableChange(error);
    }
  }
  return sink.finish();
}

class BatchSink implements WriteSink {
  readonly #statements: Statement[] = [];
  /** Rows since the last removal. Rows of different tables do not touch each other, so their order is free. */
  readonly #rows = new Map<WrittenTable, object[]>();
  readonly #counters = new Map<Counter, number>();

  put<Name extends WrittenTable>(table: Name, row: WrittenRow<Name>): void {
    const rows = this.#rows.get(table);
    if (rows === undefined) this.#rows.set(table, [row]);
    else rows.push(row);
  }

  update(
    table: WrittenTable,
    where: Readonly<Record<string, SqlValue>>,
    values: Readonly<Record<string, SqlValue>>,
  ): void {
    this.#closeRows();
    const set = Object.keys(values).map((column, index) => `"${column}" = $${index + 1}`);
    const first = set.length + 1;
    const conditions = Object.keys(where).map((column, index) => `"${column}" = $${index + first}`);
    this.#statements.push({
      text: `update ${SCHEMA}.${table} set ${set} where ${conditions.join(' and ')}`,
      values: [...Object.values(values), ...Object.values(where)],
    });
  }

  remove(table: WrittenTable, where: Readonly<Record<string, SqlValue>>): void {
    this.#closeRows();
    const conditions = Object.keys(where).map((column, index) => `"${column}" = $${index + 1}`);
    this.#statements.push({
      text: `delete from ${SCHEMA}.${table} where ${conditions.join(' and ')}`,
      values: Object.values(where),
    });
  }

  raise(counter: Counter, value: number): void {
    this.#counters.set(counter, Math.max(this.#counters.get(counter) ?? 0, value));
  }

  finish(): Statement[] {
    this.#closeRows();
    for (const [counter, value] of this.#counters) {
      const text = `update ${SCHEMA}.meta set ${counter} = $1 where ${counter} < $1`;
      this.#statements.push({ text, values: [value] });
    }
    return this.#statements;
  }

  #closeRows(): void {
    for (const [table, rows] of this.#rows) {
      this.#statements.push({ text: PUTS[table], values: [JSON.stringify(rows, storable)] });
    }
    this.#rows.clear();
  }
}

/** PostgreSQL has no place for NUL in a text, nor for half a surrogate pair: as everywhere, they become U+FFFD. */
function storable(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '\uFFFD') : value;
}

/**
 * One parameter holds all rows, as JSON, and the table itself says what type each column has. The rows are
 * inserted, and those with an id numbered, in their order.
 */
const PUTS = Object.fromEntries(
  Object.entries(COLUMNS).map(([table, columns]) => [table, putSql(table as WrittenTable, columns)]),
) as Record<WrittenTable, string>;

function putSql(table: WrittenTable, columns: readonly string[]): string {
  const names = columns.map((column) => `"${column}"`);
  const keys: readonly string[] | undefined = KEYS[table];
  const replace = names.map((name) => `${name} = excluded.${name}`).join(', ');
  const conflict =
    keys === undefined ? '' : ` on conflict (${keys.map((key) => `"${key}"`)}) do update set ${replace}`;
  return (
    `insert into ${SCHEMA}.${table} (${names}) ` +
    `select ${names} from json_populate_recordset(null::${SCHEMA}.${table}, $1)${conflict}`
  );
}
