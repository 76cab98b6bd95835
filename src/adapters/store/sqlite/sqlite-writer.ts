import type { Kysely } from 'kysely';
import type { Change } from '../../../domain/change.ts';
import { writeChange } from '../change-writes.ts';
import type { SqlValue } from '../columns.ts';
import type { Poison } from '../commit-options.ts';
import type { Tables } from '../tables.ts';
import { BatchPacker, type PackedBatch } from './packed-batch.ts';
import { StatementSink } from './statement-sink.ts';
import { errorOf } from './writer-protocol.ts';
import { type ThreadOptions, WriterThread } from './writer-thread.ts';

/**
 * Writes a garden's database, in a thread of its own: neither a disk that stalls nor SQLite's work keeps the event loop.
 * A thread that ends fails what it was at, and the next request finds a new one.
 */
export class SqliteWriter {
  readonly #options: ThreadOptions;
  readonly #packer = new BatchPacker();
  readonly #sink: StatementSink;
  /** Every statement there has been, and its number. */
  readonly #statements = new Map<string, number>();
  #thread: WriterThread | undefined;
  /** How many statements the thread knows. */
  #known = 0;
  #batch = 0;
  #isClosed = false;

  /** `db` makes the texts of the statements; it is asked nothing. */
  constructor(db: Kysely<Tables>, options: ThreadOptions) {
    this.#options = options;
    this.#sink = new StatementSink(db, (sql, values) => this.#packer.statement(this.#numberOf(sql), values));
  }

  /** Starts the thread, so that the first batch need not wait for it. */
  start(): void {
    this.#living();
  }

  /** Resolves with what could not be written because of itself; rejects when nothing was written. */
  async write(changes: readonly Change[], durable: boolean): Promise<readonly Poison[]> {
    const { batch, unspeakable } = this.#pack(changes);
    const refused = await this.#commit(batch, durable);
    return [
      ...unspeakable,
      ...refused.map(({ place, fault }) => ({ error: errorOf(fault), change: changes[place] as Change })),
    ];
  }

  /** Runs one statement by itself; resolves with the number of rows that it has changed. */
  async run(sql: string, values: readonly SqlValue[]): Promise<number> {
    return this.#living().ask({ kind: 'run', sql, values });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#thread?.close();
  }

  async #commit(batch: PackedBatch, durable: boolean) {
    const thread = this.#living();
    const statements = [...this.#statements.keys()].slice(this.#known);
    this.#known = this.#statements.size;
    this.#batch += 1;
    const number = this.#batch;
    try {
      return await thread.ask({ kind: 'batch', number, batch, durable, statements });
    } catch (error) {
      // It has died of what came after the commit: written again, all of this would be there twice.
      if (thread.committed === number) return [];
      throw error;
    }
  }

  /** What cannot be made into rows is packed as nothing, so that places stay. */
  #pack(changes: readonly Change[]): { batch: PackedBatch; unspeakable: Poison[] } {
    const unspeakable: Poison[] = [];
    for (const change of changes) {
      try {
        this.#packer.change(() => writeChange(change, this.#sink));
      } catch (error) {
        unspeakable.push({ error, change });
      }
    }
    return { batch: this.#packer.take(), unspeakable };
  }

  #numberOf(sql: string): number {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const number = this.#statements.size;
    this.#statements.set(sql, number);
    return number;
  }

  #living(): WriterThread {
    if (this.#isClosed) throw new Error('The database is closed');
    this.#thread ??= this.#startThread();
    return this.#thread;
  }

  #startThread(): WriterThread {
    this.#known = 0;
    const thread = new WriterThread({
      ...this.#options,
      onGone: (error) => {
        if (this.#thread === thread) this.#thread = undefined;
        this.#options.onGone(error);
      },
    });
    return thread;
  }
}
