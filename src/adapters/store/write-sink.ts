import type { Counter, SqlValue, WrittenRow, WrittenTable } from './columns.ts';

/** Takes what a change does to the tables, in the order in which it belongs. */
export interface WriteSink {
  /** Inserts a row; where its table has KEYS, it replaces the one with the same keys. */
  put<Name extends WrittenTable>(table: Name, row: WrittenRow<Name>): void;
  /** Sets columns of the rows that hold these values. */
  update(
    table: WrittenTable,
    where: Readonly<Record<string, SqlValue>>,
    values: Readonly<Record<string, SqlValue>>,
  ): void;
  /** Deletes the rows that hold these values. */
  remove(table: WrittenTable, where: Readonly<Record<string, SqlValue>>): void;
  /** A counter of the garden never falls. */
  raise(counter: Counter, value: number): void;
}
