import { BatchWriter } from './batch-writer.ts';
import { Checkpoints } from './checkpoints.ts';
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
  readonly checkpoints: Checkpoints;
}

/** From so many times its usual length on the log is one that a person should know of. */
const LONG_LOG = 4;

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
  #hasToldOfLog = false;

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

  /** What there is to do once the answer is on its way; answers with what is to be told besides. */
  rest(): WriterAnswer | null {
    const pages = this.#opened?.checkpoints.runIfDue() ?? null;
    if (pages === 0) this.#hasToldOfLog = false;
    if (pages === null || pages < LONG_LOG * this.#data.bounds.walPages || this.#hasToldOfLog) return null;
    this.#hasToldOfLog = true;
    return { longLog: pages };
  }

  #carryOut(request: WriterRequest): WriterResults[keyof WriterResults] {
    switch (request.kind) {
      case 'batch':
        return this.#write(request);
      case 'run':
        return this.#run(request);
      case 'close':
        this.#opened?.sqlite.close();
        this.#opened = undefined;
        return null;
    }
  }

  #run({ sql, values }: Extract<WriterRequest, { kind: 'run' }>): number {
    const { sqlite, checkpoints } = this.#open();
    const changes = Number(sqlite.statement(sql).run(...values).changes);
    checkpoints.wrote(changes);
    return changes;
  }

  #write({ number, batch, durable, statements }: Extract<WriterRequest, { kind: 'batch' }>) {
    this.#texts.push(...statements);
    this.#number = number;
    const { writer, checkpoints } = this.#open();
    const before = writer.statementsRun;
    const refusals = writer.write(batch, durable);
    checkpoints.wrote(writer.statementsRun - before);
    return refusals.map(({ place, error }) => ({ place, fault: faultOf(error) }));
  }

  #open(): Opened {
    this.#opened ??= this.#connect();
    return this.#opened;
  }

  #connect(): Opened {
    const { file, bounds } = this.#data;
    const sqlite = new NodeSqlite(openDatabase(file, bounds));
    const writer = new BatchWriter(sqlite, this.#texts, () =>
      Atomics.store(this.#committed, 0, this.#number),
    );
    return { sqlite, writer, checkpoints: new Checkpoints(sqlite.database, bounds.walPages) };
  }
}
