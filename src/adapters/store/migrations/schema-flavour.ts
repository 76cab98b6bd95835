import type { CreateTableBuilder, RawBuilder } from 'kysely';

type TableStep = (table: CreateTableBuilder<string, string>) => CreateTableBuilder<string, string>;

/** What a table's definition says differently in each database. */
export interface SchemaFlavour {
  /** Text that is compared byte by byte: the order of the domains is the order of a vector's bytes. */
  readonly text: 'text' | RawBuilder<unknown>;
  /** Keeps the rows of a table in the order of its primary key, where the database can. */
  readonly clustered: TableStep;
  /** Adds the primary key `id`, which numbers the rows in the order of their writing. */
  readonly numbered: TableStep;
}
