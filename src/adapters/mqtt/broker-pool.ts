import { setTimeout as sleep } from 'node:timers/promises';
import type { BrokerDefinition } from './broker-address.ts';
import { BrokerConnection, type ConnectionOptions } from './broker-connection.ts';
import { BrokerError, toBrokerError } from './broker-error.ts';
import type { BrokerLink, OutgoingMessage, QoS, Subscription } from './broker-link.ts';
import { BrokerRotation } from './broker-rotation.ts';

/** Protocol §5.2: so a dead backend is noticed, and its will published, within 7.5 s. */
const KEEP_ALIVE_SECONDS = 5;
const CONNECT_TIMEOUT_MS = 5_000;
const RETRY_MS = 250;

export interface BrokerPoolOptions {
  brokers: readonly BrokerDefinition[];
  clientId: string;
  keepAliveSeconds?: number;
  subscriptions: readonly Subscription[];
  connectTimeoutMs?: number;
  /** The first wait after a whole round of failures; it doubles up to 5 s. */
  retryMs?: number;
  /** May come before `onConnected`: a persistent session delivers at once. The callbacks must not throw. */
  onMessage: ConnectionOptions['onMessage'];
  onConnected(broker: BrokerDefinition): void;
  /** The broker in service was lost. Not called by `stop`. */
  onDisconnected(broker: BrokerDefinition, reason: BrokerError): void;
  /** An attempt has failed; the next one follows. */
  onFailed(broker: BrokerDefinition, reason: BrokerError): void;
}

export interface BrokerPool {
  start(): void;
  stop(): Promise<void>;
  /** Resolves when the broker has it (QoS 1, 2) or it is sent (QoS 0); rejects with a BrokerError. Nothing is queued. */
  publish(message: OutgoingMessage): Promise<void>;
  subscribe(topics: readonly Subscription[]): Promise<void>;
  unsubscribe(topics: readonly string[]): Promise<void>;
  /** The broker in service: null until everything is subscribed there. */
  readonly current: BrokerDefinition | null;
}

export function createBrokerPool(options: BrokerPoolOptions): BrokerPool {
  return new FirstReachableBroker(options);
}

/** Stays with the first broker that answers; when it is lost, goes round the list. */
class FirstReachableBroker implements BrokerPool {
  readonly #options: BrokerPoolOptions;
  readonly #wanted = new Map<string, QoS>();
  #current: BrokerDefinition | null = null;
  #link: BrokerLink | null = null;
  #stopping = new AbortController();
  #running: Promise<void> | null = null;

  constructor(options: BrokerPoolOptions) {
    this.#options = options;
    this.#want(options.subscriptions);
  }

  get current(): BrokerDefinition | null {
    return this.#current;
  }

  start(): void {
    if (this.#running !== null || this.#options.brokers.length === 0) return;
    this.#stopping = new AbortController();
    this.#running = this.#run(this.#stopping.signal);
  }

  async stop(): Promise<void> {
    const wasInService = this.#current !== null;
    this.#current = null;
    if (wasInService) await this.#link?.close();
    this.#stopping.abort();
    await this.#running;
    this.#running = null;
  }

  async publish(message: OutgoingMessage): Promise<void> {
    if (this.#current === null || this.#link === null) {
      throw new BrokerError('closed', 'no broker is connected');
    }
    await this.#link.publish(message);
  }

  async subscribe(topics: readonly Subscription[]): Promise<void> {
    this.#want(topics);
    try {
      await this.#link?.subscribe(topics);
    } catch (error) {
      // Asked for again at each connect, a topic the broker refuses would make that broker unusable.
      if (toBrokerError(error).kind === 'refused') this.#forget(topics.map(({ topic }) => topic));
      throw error;
    }
  }

  async unsubscribe(topics: readonly string[]): Promise<void> {
    this.#forget(topics);
    await this.#link?.unsubscribe(topics);
  }

  #forget(topics: readonly string[]): void {
    for (const topic of topics) this.#wanted.delete(topic);
  }

  #want(topics: readonly Subscription[]): void {
    for (const { topic, qos } of topics) this.#wanted.set(topic, qos);
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { brokers, retryMs = RETRY_MS } = this.#options;
    const settings = this.#connectionOptions();
    const connections = brokers.map((broker) => new BrokerConnection(broker, settings));
    const rotation = new BrokerRotation(connections.length, retryMs);
    while (!signal.aborted) {
      const { index, waitMs } = rotation.next();
      if (waitMs > 0) await sleep(waitMs, undefined, { signal }).catch(() => undefined);
      const connection = connections[index];
      if (connection !== undefined && !signal.aborted) await this.#serve(connection, rotation, signal);
    }
  }

  #connectionOptions(): ConnectionOptions {
    const { clientId, keepAliveSeconds, connectTimeoutMs, onMessage } = this.#options;
    return {
      clientId,
      keepAliveSeconds: keepAliveSeconds ?? KEEP_ALIVE_SECONDS,
      connectTimeoutMs: connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
      subscriptions: () => Array.from(this.#wanted, ([topic, qos]) => ({ topic, qos })),
      onMessage,
    };
  }

  /** From the attempt at one broker to its end. */
  async #serve(connection: BrokerConnection, rotation: BrokerRotation, signal: AbortSignal): Promise<void> {
    const { broker } = connection;
    let link: BrokerLink;
    try {
      link = await connection.open(signal, (next) => {
        this.#link = next;
      });
    } catch (error) {
      this.#link = null;
      rotation.failed();
      if (!signal.aborted) this.#options.onFailed(broker, toBrokerError(error));
      return;
    }
    // Stopped in the very moment it got ready.
    if (signal.aborted) return link.close();
    const since = performance.now();
    this.#current = broker;
    this.#options.onConnected(broker);
    const reason = await link.closed;
    // `stop` takes the broker out of service before it closes the link.
    const isLost = this.#current !== null;
    this.#current = null;
    this.#link = null;
    rotation.lost(performance.now() - since);
    if (isLost) this.#options.onDisconnected(broker, reason);
  }
}
