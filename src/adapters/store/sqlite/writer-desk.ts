import { BatchWriter } from './batch-writer.ts';
import { openDatabase } from './connect.ts';
import { NodeSqlite } from './node-sqlite.ts';
import {
  faultOf,
  type WriterAnswer,
  type WriterData,
  type WriterRequest,
  type WriterResults,
} from './writer-protocol.ts';

interface Opened {
  readonly sqlite: NodeSqlite;
  readonly writer: BatchWriter;
}

/** Answers the requests of the main thread, by the connection that writes. */
export class WriterDesk {
  readonly #data: WriterData;
  readonly #committed: Int32Array;
  /** The statements that batches consist of, by their number. */
  readonly #texts: string[] = [];
  /** Opened with the first request, and tried again with each until that has worked. */
  #opened: Opened | undefined;
  /** The number of the batch under way. */
  #number = 0;

  constructor(data: WriterData) {
    this.#data = data;
    this.#committed = new Int32Array(data.committed);
  }

  answer(request: WriterRequest): WriterAnswer {
    try {
      return { result: this.#carryOut(request) };
    } catch (error) {
      return { fault: faultOf(error) };
    }
  }

  #carryOut(request: WriterRequest): WriterResults[keyof WriterResults] {
    switch (request.kind) {
      case 'batch':
        return this.#write(request);
      case 'run':
        return Number(
          this.#open()
            .sqlite.statement(request.sql)
            .run(...request.values).changes,
        );
      case 'close':
        this.#opened?.sqlite.close();
        return null;
    }
  }

  #write({ number, batch, durable, statements }: Extract<WriterRequest, { kind: 'batch' }>) {
    this.#texts.push(...statements);
    this.#number = number;
    const { writer } = this.#open();
    return writer.write(batch, durable).map(({ place, error }) => ({ place, fault: faultOf(error) }));
  }

  #open(): Opened {
    this.#opened ??= this.#connect();
    return this.#opened;
  }

  #connect(): Opened {
    const sqlite = new NodeSqlite(openDatabase(this.#data.file, this.#data.bounds));
    const writer = new BatchWriter(sqlite, this.#texts, () =>
      Atomics.store(this.#committed, 0, this.#number),
    );
    return { sqlite, writer };
  }
}
