import type { BrokerConnection } from '../link/broker-connection.ts';
import { type BrokerError, toBrokerError } from '../link/broker-error.ts';
import type { BrokerLink } from '../link/broker-link.ts';

/** A broker that is connected and subscribed. */
export interface OpenBroker {
  readonly connection: BrokerConnection;
  readonly link: BrokerLink;
}

export interface ReachOptions {
  /** In order of preference. */
  connections: readonly BrokerConnection[];
  /** The next one is tried after this time also while those before have not answered: some accept, and then hang. */
  staggerMs: number;
  signal: AbortSignal;
  onFailed(connection: BrokerConnection, error: BrokerError): void;
}

/** The first that is subscribed; null when none can be reached, or when aborted. All other attempts are ended. */
export async function firstReachable(options: ReachOptions): Promise<OpenBroker | null> {
  const race = new Race(options);
  const end = (): void => race.end();
  options.signal.addEventListener('abort', end);
  try {
    return await race.run();
  } finally {
    options.signal.removeEventListener('abort', end);
  }
}

class Race {
  readonly #options: ReachOptions;
  readonly #ending = new AbortController();
  readonly #waiting: BrokerConnection[];
  readonly #attempts = new Set<Promise<void>>();
  #winner: OpenBroker | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ReachOptions) {
    this.#options = options;
    this.#waiting = [...options.connections];
  }

  async run(): Promise<OpenBroker | null> {
    this.#next();
    while (this.#attempts.size > 0) await Promise.race(this.#attempts);
    return this.#winner;
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#ending.abort();
  }

  #next(): void {
    clearTimeout(this.#timer);
    const isOver = this.#ending.signal.aborted || this.#options.signal.aborted;
    const connection = isOver ? undefined : this.#waiting.shift();
    if (connection === undefined) return;
    if (this.#waiting.length > 0) this.#timer = setTimeout(() => this.#next(), this.#options.staggerMs);
    const attempt = this.#try(connection).finally(() => this.#attempts.delete(attempt));
    this.#attempts.add(attempt);
  }

  async #try(connection: BrokerConnection): Promise<void> {
    const { signal } = this.#ending;
    try {
      const link = await connection.open(signal);
      if (signal.aborted) return link.close();
      this.#winner = { connection, link };
      this.end();
    } catch (error) {
      if (!signal.aborted) this.#options.onFailed(connection, toBrokerError(error));
      this.#next();
    }
  }
}
