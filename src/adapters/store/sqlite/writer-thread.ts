import { Worker } from 'node:worker_threads';
import type { SqliteBounds } from './connect.ts';
import {
  errorOf,
  type WriterAnswer,
  type WriterData,
  type WriterRequest,
  type WriterResults,
} from './writer-protocol.ts';

/** Built code runs as .js, the tests run the source as it is. */
const ENTRY = new URL(`./writer-entry${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);
/** Batches come as one buffer and one text; a queue that has grown during a long stall is the largest of them. */
const HEAP_MB = 128;
const YOUNG_MB = 4;

export interface ThreadOptions {
  readonly file: string;
  readonly bounds: SqliteBounds;
  /** The module that the thread runs, and what it gets besides; tests look over its shoulder. */
  readonly entry?: { readonly module: URL; readonly data: object };
  /** It has ended by itself. */
  readonly onGone: (error: Error) => void;
  /** The log has grown to so many pages: it cannot be brought into the database. */
  readonly onLongLog: (pages: number) => void;
}

type Kind = WriterRequest['kind'];

interface Pending {
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}

/** One life of the thread that writes. It keeps the process alive only while somebody waits for it. */
export class WriterThread {
  readonly #worker: Worker;
  readonly #committed: Int32Array;
  /** Answers come in the order of the requests. */
  readonly #pending: Pending[] = [];
  readonly #exit: Promise<void>;
  #error: Error | undefined;
  #isClosing = false;

  constructor({ file, bounds, entry, onGone, onLongLog }: ThreadOptions) {
    const data: WriterData = { file, bounds, committed: new SharedArrayBuffer(4) };
    this.#committed = new Int32Array(data.committed);
    const worker = new Worker(entry?.module ?? ENTRY, {
      workerData: { ...entry?.data, ...data },
      // Node.js 22 would warn once more that SQLite is an experiment.
      env: { ...process.env, NODE_NO_WARNINGS: '1' },
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB, maxYoungGenerationSizeMb: YOUNG_MB },
    });
    this.#worker = worker;
    worker.unref();
    worker.on('message', (answer: WriterAnswer) => {
      if ('longLog' in answer) onLongLog(answer.longLog);
      else this.#take(answer);
    });
    worker.on('error', (error) => {
      this.#error = error instanceof Error ? error : new Error(String(error));
    });
    this.#exit = new Promise((resolve) => {
      worker.once('exit', (code) => {
        resolve();
        const error = this.#error ?? new Error(`the thread that writes has ended with code ${code}`);
        for (const { reject } of this.#pending.splice(0)) reject(error);
        if (!this.#isClosing) onGone(error);
      });
    });
  }

  /** The number of the batch that it has committed last; also known of a thread that has ended. */
  get committed(): number {
    return Atomics.load(this.#committed, 0);
  }

  ask<K extends Kind>(request: WriterRequest & { kind: K }): Promise<WriterResults[K]> {
    const sent: WriterRequest = request;
    this.#worker.postMessage(sent, sent.kind === 'batch' ? [sent.batch.numbers.buffer] : []);
    this.#worker.ref();
    return new Promise<WriterResults[K]>((resolve, reject) => {
      this.#pending.push({ resolve, reject });
    });
  }

  /** Closes its connection; resolves when it has ended. */
  async close(): Promise<void> {
    this.#isClosing = true;
    try {
      await this.ask({ kind: 'close' });
    } finally {
      this.#worker.ref();
      await this.#exit;
    }
  }

  #take(answer: Exclude<WriterAnswer, { longLog: number }>): void {
    const pending = this.#pending.shift();
    if (this.#pending.length === 0) this.#worker.unref();
    if ('fault' in answer) pending?.reject(errorOf(answer.fault));
    else pending?.resolve(answer.result as never);
  }
}
