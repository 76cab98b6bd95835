import { format } from 'node:util';

const MOST_LINES = 20;
const LONGEST_LINE = 500;
const METHODS = ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const;

/** The console of plugin code: so many lines a call, each of so many characters. A flood would stall everybody. */
export class BoundedConsole {
  readonly #write: (line: string) => void;
  #lines = MOST_LINES;

  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  /** In place of the console that is there. */
  install(): void {
    for (const method of METHODS) console[method] = (...args: unknown[]) => this.#print(format(...args));
  }

  /** A call begins: it may write. */
  renew(): void {
    this.#lines = MOST_LINES;
  }

  #print(text: string): void {
    if (this.#lines === 0) return;
    this.#lines -= 1;
    this.#write(text.slice(0, LONGEST_LINE));
  }
}
