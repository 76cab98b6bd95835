import { DatabaseSync } from 'node:sqlite';
import { MessagePort } from 'node:worker_threads';

const LOG_BYTES = 65_536;
/** int32s: what a test wants of the writer, and what the writer tells. */
const CELLS = ['pages', 'changes', 'length', 'stallMs', 'stalls', 'dies'] as const;
type Cell = (typeof CELLS)[number];
/** When the thread ends: before a COMMIT, or after it and before it says so, or never. */
export const DEATHS = ['never', 'before', 'after'] as const;
export type Death = (typeof DEATHS)[number];

const NO_LIMIT = 1_073_741_823;
const PREPARED = 'prepared: ';
const OPENING = /^PRAGMA (?:busy_timeout|journal_|cache_size|wal_autocheckpoint)/;

/** What a test and the thread that writes share: both see it at once, without a message. */
export class WatchedWriter {
  readonly memory: SharedArrayBuffer;
  readonly #cells: Int32Array;
  readonly #log: Uint8Array;

  constructor(memory = new SharedArrayBuffer(4 * CELLS.length + LOG_BYTES)) {
    this.memory = memory;
    this.#cells = new Int32Array(memory, 0, CELLS.length);
    this.#log = new Uint8Array(memory, 4 * CELLS.length);
  }

  /** What it executed besides prepared statements, once it was open: transactions and pragmas. */
  get executed(): string[] {
    return this.#said().filter((text) => !text.startsWith(PREPARED));
  }

  /** The statements that it prepared. */
  get prepared(): string[] {
    return this.#said().flatMap((text) => (text.startsWith(PREPARED) ? text.slice(PREPARED.length) : []));
  }

  forget(): void {
    this.set('length', 0);
  }

  get(cell: Cell): number {
    return Atomics.load(this.#cells, CELLS.indexOf(cell));
  }

  set(cell: Cell, value: number): void {
    Atomics.store(this.#cells, CELLS.indexOf(cell), value);
  }

  /** How many pages the database may have from its next transaction on; null: as many as it likes. */
  limitTo(pages: number | null): void {
    this.set('pages', pages ?? NO_LIMIT);
  }

  /** Ends every stall, that under way included. */
  release(): void {
    this.set('stallMs', 0);
    Atomics.notify(this.#cells, CELLS.indexOf('stallMs'));
  }

  /** In the thread, before the writer is loaded. */
  watch(): void {
    const { exec, prepare } = DatabaseSync.prototype;
    const watched = this;
    const { postMessage } = MessagePort.prototype;
    MessagePort.prototype.postMessage = function (...args: Parameters<typeof postMessage>) {
      watched.#dieAt('after');
      postMessage.apply(this, args);
    };
    DatabaseSync.prototype.prepare = function (text) {
      watched.#append(PREPARED + text);
      return prepare.call(this, text);
    };
    DatabaseSync.prototype.exec = function (text) {
      const pages = watched.get('pages');
      if (pages > 0) exec.call(this, `PRAGMA max_page_count = ${pages}`);
      if (!OPENING.test(text)) watched.#append(text);
      if (text === 'COMMIT') watched.#beforeCommit();
      exec.call(this, text);
      if (text === 'COMMIT') watched.#afterCommit(this);
    };
  }

  #beforeCommit(): void {
    this.#dieAt('before');
    const stallMs = this.get('stallMs');
    if (stallMs === 0) return;
    this.set('stalls', this.get('stalls') + 1);
    Atomics.wait(this.#cells, CELLS.indexOf('stallMs'), stallMs, stallMs);
  }

  #afterCommit(database: DatabaseSync): void {
    this.set('changes', Number(database.prepare('SELECT total_changes() AS count').get()?.count));
  }

  /** As of an error that nobody catches, such as memory that has run out. */
  #dieAt(moment: Death): void {
    if (DEATHS[this.get('dies')] !== moment) return;
    this.set('dies', DEATHS.indexOf('never'));
    process.exit(7);
  }

  #said(): string[] {
    const text = Buffer.from(this.#log.slice(0, this.get('length'))).toString();
    return text.split('\0').slice(0, -1);
  }

  #append(text: string): void {
    const bytes = Buffer.from(`${text}\0`);
    const length = this.get('length');
    this.#log.set(bytes, length);
    this.set('length', length + bytes.length);
  }
}
