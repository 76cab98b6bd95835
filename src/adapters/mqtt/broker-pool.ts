import { EPOCH_TOPIC } from '../../domain/broker/topics.ts';
import type { BrokerDefinition } from './address/broker-address.ts';
import { DuplicateFilter } from './duplicate-filter.ts';
import type { ConnectionOptions } from './link/broker-connection.ts';
import { type BrokerError, toBrokerError } from './link/broker-error.ts';
import type { OutgoingMessage, Subscription } from './link/broker-link.ts';
import { Connections } from './link/connections.ts';
import { AllBrokers } from './modes/all-brokers.ts';
import { Failover } from './modes/failover.ts';
import type { ModeOptions, PoolMode } from './modes/pool-mode.ts';
import { Service } from './modes/service.ts';
import { Outbox } from './outbox/outbox.ts';
import { NOBODY } from './outbox/parcel.ts';
import { WantedTopics } from './wanted-topics.ts';
import { Whereabouts } from './whereabouts.ts';

/** Protocol §5.2: so a dead backend is noticed, and its will published, within 7.5 s. */
const KEEP_ALIVE_SECONDS = 5;
const CONNECT_TIMEOUT_MS = 5_000;
const RETRY_MS = 250;
const STAGGER_MS = 400;
const FAIL_BACK_MS = 60_000;
/** Sensors report every 30 or 60 s: three of the slower ones missed. */
const QUIET_MS = 180_000;
/** The most silent sensor that there is says something once a day. */
const LONGEST_QUIET_MS = 86_400_000;
const QUEUED_AT_MOST = 1_000;

export type BrokerMode = 'failover' | 'all';

export interface BrokerPoolOptions {
  /** In order of preference. */
  brokers: readonly BrokerDefinition[];
  /** `failover` if it says nothing. */
  mode?: BrokerMode;
  clientId: string;
  keepAliveSeconds?: number;
  subscriptions: readonly Subscription[];
  connectTimeoutMs?: number;
  /** The first wait after a whole round of failures; it doubles up to 20 times that. */
  retryMs?: number;
  /** In failover mode: how long the next attempt waits for the one before. */
  staggerMs?: number;
  /** In failover mode: how long a preferred broker must have been steady before it serves again. */
  failBackMs?: number;
  /** In failover mode: a broker that was replaced is left when nothing has come from there for this long. */
  quietMs?: number;
  /** The same while a sensor was heard there that was not heard anywhere else since. */
  longestQuietMs?: number;
  /** How many messages wait while no broker is connected, besides the newest commands of each sensor. */
  queuedAtMost?: number;
  /** Awaited before anything is published at another broker than before. Must not reject. */
  beforeService?(broker: BrokerDefinition): Promise<void>;
  /** May come before `onConnected`: a persistent session delivers at once. The callbacks must not throw. */
  onMessage: ConnectionOptions['onMessage'];
  /**
   * The broker is in service. `isRestored`: others were in service already, and it has got from the pool what brokers
   * retain; else nobody has published there since.
   */
  onConnected(broker: BrokerDefinition, isRestored: boolean): void;
  onDisconnected(broker: BrokerDefinition, reason: BrokerError): void;
  /** An attempt has failed; the next one follows. */
  onFailed(broker: BrokerDefinition, reason: BrokerError): void;
}

export interface BrokerPool {
  start(): void;
  stop(): Promise<void>;
  /** Another list, while running: what stays in it stays connected, and what leaves it is served until another one can. */
  use(brokers: readonly BrokerDefinition[]): void;
  /**
   * Resolves when a broker in service has it (QoS 1, 2) or it is sent (QoS 0); rejects with a BrokerError. While no
   * broker is in service it waits, unless `mayWait` is false.
   */
  publish(message: OutgoingMessage, mayWait?: boolean): Promise<void>;
  subscribe(topics: readonly Subscription[]): Promise<void>;
  unsubscribe(topics: readonly string[]): Promise<void>;
  /** The brokers in service: in failover mode at most one. None until everything is subscribed there. */
  readonly inService: readonly BrokerDefinition[];
  /** Those of the list that are not in service. */
  readonly others: readonly BrokerDefinition[];
}

export function createBrokerPool(options: BrokerPoolOptions): BrokerPool {
  return new Pool(options);
}

class Pool implements BrokerPool {
  readonly #wanted = new WantedTopics();
  readonly #connections: Connections;
  readonly #outbox: Outbox;
  readonly #service: Service;
  readonly #mode: PoolMode;
  readonly #whereabouts = new Whereabouts();
  readonly #duplicates = new DuplicateFilter(() => performance.now());
  #brokers: readonly BrokerDefinition[];
  #isRunning = false;

  constructor(options: BrokerPoolOptions) {
    this.#brokers = options.brokers;
    this.#wanted.add(options.subscriptions);
    this.#outbox = new Outbox(options.queuedAtMost ?? QUEUED_AT_MOST);
    this.#connections = new Connections({
      clientId: options.clientId,
      keepAliveSeconds: options.keepAliveSeconds ?? KEEP_ALIVE_SECONDS,
      connectTimeoutMs: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
      subscriptions: () => this.#wanted.list(),
      onMessage: (message) => {
        // Each broker tells for itself who commands there.
        const isOnly = this.#brokers.length < 2 || message.topic === EPOCH_TOPIC;
        if (!isOnly) this.#whereabouts.heard(message);
        if (isOnly || !this.#duplicates.isDuplicate(message)) return options.onMessage(message);
        return undefined;
      },
    });
    const { onConnected, onDisconnected, beforeService = () => Promise.resolve() } = options;
    this.#service = new Service({ outbox: this.#outbox, beforeService, onConnected, onDisconnected });
    const modeOptions = modeOptionsOf(options, this.#service, this.#whereabouts);
    this.#mode = options.mode === 'all' ? new AllBrokers(modeOptions) : new Failover(modeOptions);
  }

  get inService(): readonly BrokerDefinition[] {
    return this.#service.brokers;
  }

  get others(): readonly BrokerDefinition[] {
    const { inService } = this;
    return this.#brokers.filter((broker) => !inService.includes(broker));
  }

  start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#mode.start(this.#connections.use(this.#brokers));
  }

  use(brokers: readonly BrokerDefinition[]): void {
    this.#brokers = brokers;
    if (this.#isRunning) this.#mode.use(this.#connections.use(brokers));
  }

  async stop(): Promise<void> {
    if (!this.#isRunning) return;
    this.#isRunning = false;
    await this.#mode.stop();
    this.#outbox.clear();
  }

  publish(message: OutgoingMessage, mayWait = true): Promise<void> {
    if (!this.#isRunning || this.#brokers.length === 0) return Promise.reject(NOBODY);
    return this.#outbox.publish(message, mayWait);
  }

  async subscribe(topics: readonly Subscription[]): Promise<void> {
    this.#wanted.add(topics);
    try {
      await Promise.all(this.#connections.list().map((connection) => connection.subscribe(topics)));
    } catch (error) {
      // Asked for again at each connect, a topic the broker refuses would make that broker unusable.
      if (toBrokerError(error).kind === 'refused') this.#wanted.delete(topics.map(({ topic }) => topic));
      throw error;
    }
  }

  async unsubscribe(topics: readonly string[]): Promise<void> {
    this.#wanted.delete(topics);
    await Promise.all(this.#connections.list().map((connection) => connection.unsubscribe(topics)));
  }
}

function modeOptionsOf(options: BrokerPoolOptions, service: Service, whereabouts: Whereabouts): ModeOptions {
  return {
    service,
    whereabouts,
    onFailed(connection, error) {
      connection.toldFailure = error.message;
      options.onFailed(connection.broker, error);
    },
    retryMs: options.retryMs ?? RETRY_MS,
    staggerMs: options.staggerMs ?? STAGGER_MS,
    failBackMs: options.failBackMs ?? FAIL_BACK_MS,
    quietMs: options.quietMs ?? QUIET_MS,
    longestQuietMs: options.longestQuietMs ?? LONGEST_QUIET_MS,
  };
}
