import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import type { BrokerDefinition } from './broker-address.ts';
import { parseBrokers } from './parse-brokers.ts';

/** A look at the file's date costs nothing worth mentioning; notifications miss editors that replace the file. */
const LOOK_EVERY_MS = 2_000;

export interface BrokersFileOptions {
  path: string;
  lookEveryMs?: number;
  /** The file has come, gone, or says something else now. */
  onChanged(): void;
  /** What it says is not a list of brokers: the former list stays. Once for each content. */
  onInvalid(error: unknown): void;
}

/** `brokers.json` in the data directory: the same list as RIPE_BROKERS, to be edited while RIPE runs. */
export class BrokersFile {
  readonly #options: BrokersFileOptions;
  readonly #look = (): void => {
    if (this.#read()) this.#options.onChanged();
  };
  #text: string | null = null;
  #brokers: BrokerDefinition[] | null = null;

  constructor(options: BrokersFileOptions) {
    this.#options = options;
  }

  /** null: there is no such file. */
  get brokers(): readonly BrokerDefinition[] | null {
    return this.#brokers;
  }

  load(): void {
    this.#read();
  }

  /** Reads it again whenever it has changed. */
  watch(): void {
    const { path, lookEveryMs = LOOK_EVERY_MS } = this.#options;
    watchFile(path, { interval: lookEveryMs, persistent: false }, this.#look);
  }

  stop(): void {
    unwatchFile(this.#options.path, this.#look);
  }

  /** Answers whether the list has changed. */
  #read(): boolean {
    try {
      const text = contentOf(this.#options.path);
      // Empty: somebody is about to write it.
      if (text === this.#text || text?.trim() === '') return false;
      this.#text = text;
      this.#brokers = text === null ? null : parseBrokers(text, 'brokers.json');
      return true;
    } catch (error) {
      this.#options.onInvalid(error);
      return false;
    }
  }
}

function contentOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
