import { randomBytes } from 'node:crypto';
import { connect } from 'mqtt';
import type { BrokerDefinition } from './address/broker-address.ts';
import { clientOptions } from './link/client-options.ts';

const EVERY_MS = 300_000;
/** To connect, to subscribe, and to be told what is retained. */
const PATIENCE_MS = 3_000;

export interface LookoutOptions {
  readonly topic: string;
  /** Where to look: brokers that the pool is not at. */
  brokers(): readonly BrokerDefinition[];
  /** What a broker retains on the topic. Must not throw. */
  seen(payload: Buffer, broker: string): void;
  readonly everyMs?: number;
}

/** Looks every five minutes what other brokers retain, each time over a short connection of its own. */
export class Lookout {
  readonly #options: LookoutOptions;
  #looking = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: LookoutOptions) {
    this.#options = options;
  }

  /** Looks now, and from now on. */
  look(): void {
    this.stop();
    this.#looking = new AbortController();
    void this.#lookAround(this.#looking.signal);
  }

  stop(): void {
    this.#looking.abort();
    clearTimeout(this.#timer);
  }

  async #lookAround(signal: AbortSignal): Promise<void> {
    const { topic, brokers, seen, everyMs = EVERY_MS } = this.#options;
    for (const broker of brokers()) {
      const payload = await glance(broker, topic, signal);
      if (signal.aborted) return;
      if (payload !== null) seen(payload, broker.name);
    }
    this.#timer = setTimeout(() => this.look(), everyMs).unref();
  }
}

/** What a broker retains on a topic; null: nothing, or it does not say. */
async function glance(
  { internal, protocol }: BrokerDefinition,
  topic: string,
  signal: AbortSignal,
): Promise<Buffer | null> {
  const address = internal();
  if (address === null || signal.aborted) return null;
  // An id of its own: with that of the pool, the broker would throw out who is there under it.
  const clientId = `ripe-look-${randomBytes(6).toString('hex')}`;
  const session = { clientId, keepAliveSeconds: 30, connectTimeoutMs: PATIENCE_MS, persistent: false };
  const { will: _will, ...options } = clientOptions(address, protocol === '5' ? 5 : 4, session);
  const client = connect(options);
  const { promise, resolve } = Promise.withResolvers<Buffer | null>();
  const giveUp = () => resolve(null);
  const timer = setTimeout(giveUp, PATIENCE_MS);
  signal.addEventListener('abort', giveUp);
  client.on('error', giveUp);
  client.on('close', giveUp);
  client.on('connect', () => client.subscribe(topic, { qos: 1 }));
  client.on('message', (_topic, payload) => resolve(payload));
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
    client.end(true);
  }
}
