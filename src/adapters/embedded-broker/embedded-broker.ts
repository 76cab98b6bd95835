import type { IncomingMessage } from 'node:http';
import { createServer, type Server } from 'node:net';
import type { Duplex } from 'node:stream';
import { Aedes } from 'aedes';
import { HTTP_LIMITS, MQTT_LIMITS, type MqttLimits } from '../../domain/broker/client-limits.ts';
import type { Clock } from '../../domain/time/clock.ts';
import { createSteadyClock } from '../clock/system-clock.ts';
import { type AddressOf, createAddressOf } from '../wall/client-address.ts';
import { GuessLimiter } from '../wall/guess-limiter.ts';
import { AccessRules } from './access-rules.ts';
import type { Account } from './account.ts';
import { BrokerMemory } from './broker-memory.ts';
import { ClientBook, type ClientEvent } from './client-book.ts';
import { ClientGuard } from './client-guard.ts';
import { LONGEST_CLIENT_ID } from './client-ids.ts';
import { Doorway } from './doorway.ts';
import { type Credentials, Identities, randomCredentials } from './identities.ts';
import type { KeyCheck } from './key-check.ts';
import { listen } from './listen.ts';
import { Listeners } from './listeners.ts';
import { SESSION_LIMITS, type SessionLimits, SessionStore } from './session-store.ts';

const CONNECT_TIMEOUT_MS = 10_000;
/** RIPE itself: others are not waited for. */
const DRAIN_TIMEOUT_MS = 10_000;
const EXPIRE_EVERY_MS = 60_000;

export interface EmbeddedBrokerOptions {
  host: string;
  /** 0 takes any free port. */
  port: number;
  keys: KeyCheck;
  accounts?: readonly Account[];
  onClient(event: ClientEvent): void;
  log(line: string): void;
  clock?: Clock;
  sessions?: Partial<SessionLimits>;
  /** How often expired sessions and retained messages are looked for. */
  expireEveryMs?: number;
  /**
   * How long clients wait for RIPE to subscribe, at most: a broker that takes a reading with nobody there to get it has
   * lost it. 0: not at all.
   */
  waitForRipeMs?: number;
  /** How long a connection may stay without CONNECT. */
  connectTimeoutMs?: number;
  limits?: Partial<MqttLimits>;
  /** Shared with REST: a key that is guessed here and there is guessed once too often. */
  guesses?: GuessLimiter;
  /** Of a WebSocket's request, which may have come through a proxy. */
  addressOf?: AddressOf;
}

export interface EmbeddedBroker {
  start(): Promise<{ port: number }>;
  stop(): Promise<void>;
  /** Takes a WebSocket's stream; destroys it when the broker is not running. */
  serve(stream: Duplex, request?: IncomingMessage): void;
  /** RIPE's own login, new at each start. */
  readonly credentials: Credentials;
}

export function createEmbeddedBroker(options: EmbeddedBrokerOptions): EmbeddedBroker {
  return new AedesBroker(options);
}

/** Who is there, and what they may do. */
interface House {
  readonly sessions: SessionStore;
  readonly listeners: Listeners;
  readonly doorway: Doorway;
  readonly identities: Identities;
}

interface Running extends House {
  readonly aedes: Aedes;
  readonly server: Server;
  readonly port: number;
  readonly expiry: NodeJS.Timeout;
}

class AedesBroker implements EmbeddedBroker {
  readonly #options: EmbeddedBrokerOptions;
  readonly #limits: MqttLimits;
  readonly #guesses: GuessLimiter;
  readonly #clock: Clock;
  readonly #clients: ClientBook;
  #credentials = randomCredentials();
  /** Also for those who leave while it stops. */
  #doorway: Doorway | null = null;
  #running: Running | null = null;

  constructor(options: EmbeddedBrokerOptions) {
    this.#options = options;
    this.#limits = { ...MQTT_LIMITS, ...options.limits };
    this.#guesses = options.guesses ?? new GuessLimiter(HTTP_LIMITS.wrongKeysPerMinute);
    this.#clock = options.clock ?? createSteadyClock();
    this.#clients = new ClientBook({
      clock: this.#clock,
      addressOf: (client) => this.#doorway?.addressOf(client) ?? '',
      onClient: (event) => options.onClient(event),
    });
  }

  get credentials(): Credentials {
    return this.#credentials;
  }

  async start(): Promise<{ port: number }> {
    if (this.#running !== null) return { port: this.#running.port };
    this.#credentials = randomCredentials();
    const house = this.#createHouse();
    this.#doorway = house.doorway;
    const { promise: admission, resolve: admit } = Promise.withResolvers<void>();
    setTimeout(admit, this.#options.waitForRipeMs ?? 0).unref();
    const guard = this.#createGuard(house, admission);
    const memory = new BrokerMemory({
      sessions: house.sessions,
      clock: this.#clock,
      isAllowed: (client, topic) => guard.isGranted(client, topic),
    });
    const aedes = await this.#createAedes(guard, memory);
    aedes.on('subscribe', (_subscriptions, client) => house.identities.isRipe(client) && admit());
    this.#observe(aedes, house);
    const server = createServer({ noDelay: true }, (socket) => this.serve(socket));
    const port = await listen(server, this.#options).catch((error: unknown) => {
      aedes.close();
      throw error;
    });
    server.on('error', (error) => this.#options.log(`MQTT server: ${error.message}`));
    const expiry = setInterval(() => {
      house.sessions.expire();
      memory.expire();
    }, this.#options.expireEveryMs ?? EXPIRE_EVERY_MS);
    this.#running = { ...house, aedes, server, port, expiry };
    return { port };
  }

  async stop(): Promise<void> {
    const running = this.#running;
    if (running === null) return;
    this.#running = null;
    clearInterval(running.expiry);
    const isServerClosed = new Promise<void>((resolve) => running.server.close(() => resolve()));
    await new Promise<void>((resolve) => running.aedes.close(resolve));
    running.doorway.destroyAll();
    await isServerClosed;
  }

  serve(stream: Duplex, request?: IncomingMessage): void {
    if (this.#running === null) {
      stream.destroy();
      return;
    }
    const { aedes, doorway, listeners } = this.#running;
    if (!doorway.enter(stream, request)) return;
    const client = aedes.handle(stream, request);
    doorway.welcome(client, stream);
    stream.once('close', () => listeners.forget(client));
  }

  #createHouse(): House {
    const { accounts = [], sessions, addressOf = createAddressOf([]) } = this.#options;
    const { queuedBytes, listeners } = this.#limits;
    return {
      sessions: new SessionStore(this.#clock, { ...SESSION_LIMITS, queuedBytes, listeners, ...sessions }),
      listeners: new Listeners(this.#limits),
      identities: new Identities({ credentials: this.#credentials, accounts, guesses: this.#guesses }),
      doorway: new Doorway({
        limits: this.#limits,
        clock: this.#clock,
        addressOf,
        onRefused: (address, reason) => this.#clients.refusedEarly(address, reason),
      }),
    };
  }

  #createGuard({ sessions, listeners, doorway, identities }: House, admission: Promise<void>): ClientGuard {
    return new ClientGuard({
      sessions,
      listeners,
      identities,
      admission,
      rules: new AccessRules(this.#options.keys),
      guesses: this.#guesses,
      clock: this.#clock,
      keepAliveSeconds: this.#limits.keepAliveSeconds,
      addressOf: (client) => doorway.addressOf(client),
      onRipe: (client) => doorway.lift(client),
      onRefused: (client, reason) => this.#clients.refused(client, reason),
      onForward: (id, bytes) => this.#forwarded(id, bytes),
    });
  }

  #createAedes(guard: ClientGuard, persistence: BrokerMemory): Promise<Aedes> {
    return Aedes.createBroker({
      // How long an id may be is looked at when its client logs in: here the address stands before it.
      maxClientsIdLength: 1_000 + LONGEST_CLIENT_ID,
      maxInflightInbound: this.#limits.inflight,
      connectTimeout: this.#options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
      drainTimeout: DRAIN_TIMEOUT_MS,
      persistence,
      ...guard.hooks(),
    });
  }

  #observe(aedes: Aedes, { sessions, listeners }: House): void {
    aedes.on('client', (client) => {
      sessions.online(client.id);
      this.#clients.connected(client);
    });
    aedes.on('clientDisconnect', (client) => {
      if (!client.clean) sessions.offline(client.id);
      this.#clients.disconnected(client);
    });
    aedes.on('unsubscribe', (topics, client) => {
      for (const topic of topics) listeners.delete(client, topic);
    });
    aedes.on('clientError', (client, error) => this.#clients.failed(client, error.message));
    aedes.on('connectionError', (client, error) => this.#clients.refused(client, error.message));
    aedes.addListener('error', (error: Error) => this.#options.log(`MQTT broker: ${error.message}`));
  }

  /** What a client publishes for many is paid by itself. */
  #forwarded(publisherId: string | undefined, bytes: number): void {
    if (publisherId === undefined || this.#running === null) return;
    const { identities, doorway } = this.#running;
    const publisher = this.#clients.find(publisherId);
    if (publisher !== undefined && !identities.isRipe(publisher)) doorway.charge(publisher, bytes);
  }
}
