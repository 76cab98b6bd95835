import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { SqlValue } from '../columns.ts';
import type { SqliteWriter } from './sqlite-writer.ts';

/** Statements by which the writer changes rows; what they return is not asked for. */
export function writerDialect(writer: Pick<SqliteWriter, 'run'>): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createDriver: () => new WriterDriver(new WriterConnection(writer)),
  };
}

class WriterDriver implements Driver {
  readonly #connection: DatabaseConnection;

  constructor(connection: DatabaseConnection) {
    this.#connection = connection;
  }

  async init(): Promise<void> {}
  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection;
  }
  async releaseConnection(): Promise<void> {}
  async destroy(): Promise<void> {}
  beginTransaction = refuse;
  commitTransaction = refuse;
  rollbackTransaction = refuse;
}

class WriterConnection implements DatabaseConnection {
  readonly #writer: Pick<SqliteWriter, 'run'>;

  constructor(writer: Pick<SqliteWriter, 'run'>) {
    this.#writer = writer;
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const changes = await this.#writer.run(sql, parameters as readonly SqlValue[]);
    return { rows: [], numAffectedRows: BigInt(changes) };
  }

  streamQuery(): never {
    throw new Error('The writer answers no queries');
  }
}

async function refuse(): Promise<never> {
  throw new Error('The writer makes its transactions itself');
}
