import type { IncomingMessage } from 'node:http';
import { createServer, type Server, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Aedes, type Client } from 'aedes';
import type { Clock } from '../../domain/clock.ts';
import { RipeError } from '../../domain/errors.ts';
import { createSteadyClock } from '../clock/system-clock.ts';
import { AccessRules } from './access-rules.ts';
import type { Account } from './account.ts';
import { BrokerMemory } from './broker-memory.ts';
import { ClientGuard, type Credentials, randomCredentials } from './client-guard.ts';
import type { KeyCheck } from './key-check.ts';
import { guardPackets } from './packet-guard.ts';
import { RefusalLog } from './refusal-log.ts';
import { SESSION_LIMITS, type SessionLimits, SessionStore } from './session-store.ts';

export const LARGEST_PACKET_BYTES = 256 * 1024;
/** The app's ids have about 50 characters (protocol §10.1); aedes would end at the 23 of MQTT 3.1. */
const LONGEST_CLIENT_ID = 128;
const CONNECT_TIMEOUT_MS = 10_000;
/** A client that does not read holds up the messages for all others until it is thrown out. */
const DRAIN_TIMEOUT_MS = 10_000;
const EXPIRE_EVERY_MS = 60_000;

export interface ClientEvent {
  type: 'connected' | 'disconnected' | 'refused';
  /** Empty when it was refused before it said its id. */
  client: string;
  address: string;
  reason?: string;
}

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

interface Running {
  aedes: Aedes;
  server: Server;
  port: number;
  expiry: NodeJS.Timeout;
}

class AedesBroker implements EmbeddedBroker {
  readonly #options: EmbeddedBrokerOptions;
  readonly #clock: Clock;
  readonly #refusals: RefusalLog;
  readonly #streams = new Set<Duplex>();
  readonly #addresses = new WeakMap<Client, string>();
  readonly #reasons = new WeakMap<Client, string>();
  #credentials = randomCredentials();
  #running: Running | null = null;

  constructor(options: EmbeddedBrokerOptions) {
    this.#options = options;
    this.#clock = options.clock ?? createSteadyClock();
    this.#refusals = new RefusalLog(this.#clock);
  }

  get credentials(): Credentials {
    return this.#credentials;
  }

  async start(): Promise<{ port: number }> {
    if (this.#running !== null) return { port: this.#running.port };
    const { sessions: limits, expireEveryMs = EXPIRE_EVERY_MS } = this.#options;
    this.#credentials = randomCredentials();
    const sessions = new SessionStore(this.#clock, { ...SESSION_LIMITS, ...limits });
    const server = createServer({ noDelay: true }, (socket) => this.serve(socket));
    const { promise: admission, resolve: admit } = Promise.withResolvers<void>();
    setTimeout(admit, this.#options.waitForRipeMs ?? 0).unref();
    const guard = this.#createGuard(sessions, admission);
    const memory = new BrokerMemory({
      sessions,
      clock: this.#clock,
      isAllowed: (client, topic) => guard.mayReceive(client, topic),
    });
    const aedes = await this.#createAedes(guard, memory);
    aedes.on('subscribe', (_subscriptions, client) => guard.isRipe(client) && admit());
    this.#observe(aedes, sessions);
    const port = await listen(server, this.#options).catch((error: unknown) => {
      aedes.close();
      throw error;
    });
    server.on('error', (error) => this.#options.log(`MQTT server: ${error.message}`));
    const expiry = setInterval(() => {
      sessions.expire();
      memory.expire();
    }, expireEveryMs);
    this.#running = { aedes, server, port, expiry };
    return { port };
  }

  async stop(): Promise<void> {
    const running = this.#running;
    if (running === null) return;
    this.#running = null;
    clearInterval(running.expiry);
    const isServerClosed = new Promise<void>((resolve) => running.server.close(() => resolve()));
    await new Promise<void>((resolve) => running.aedes.close(resolve));
    // Also those that have not said CONNECT yet, which aedes does not count as clients.
    for (const stream of this.#streams) stream.destroy();
    await isServerClosed;
  }

  serve(stream: Duplex, request?: IncomingMessage): void {
    if (this.#running === null) {
      stream.destroy();
      return;
    }
    const socket = stream instanceof Socket ? stream : request?.socket;
    const address = socket?.remoteAddress ?? '';
    this.#streams.add(stream);
    stream.once('close', () => this.#streams.delete(stream));
    guardPackets(stream, LARGEST_PACKET_BYTES);
    this.#addresses.set(this.#running.aedes.handle(stream, request), address);
  }

  #createGuard(sessions: SessionStore, admission: Promise<void>): ClientGuard {
    return new ClientGuard({
      rules: new AccessRules(this.#options.keys),
      sessions,
      credentials: this.#credentials,
      admission,
      accounts: this.#options.accounts ?? [],
      clock: this.#clock,
      onRefused: (client, reason) => this.#refused(client, reason),
    });
  }

  #createAedes(guard: ClientGuard, persistence: BrokerMemory): Promise<Aedes> {
    return Aedes.createBroker({
      maxClientsIdLength: LONGEST_CLIENT_ID,
      connectTimeout: this.#options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
      drainTimeout: DRAIN_TIMEOUT_MS,
      persistence,
      ...guard.hooks(),
    });
  }

  #observe(aedes: Aedes, sessions: SessionStore): void {
    aedes.on('client', (client) => {
      sessions.online(client.id);
      this.#report('connected', client);
    });
    aedes.on('clientDisconnect', (client) => {
      if (!client.clean) sessions.offline(client.id);
      this.#report('disconnected', client, this.#reasons.get(client));
    });
    aedes.on('clientError', (client, error) => this.#reasons.set(client, error.message));
    aedes.on('connectionError', (client, error) => this.#refused(client, error.message));
    aedes.addListener('error', (error: Error) => this.#options.log(`MQTT broker: ${error.message}`));
  }

  #refused(client: Client, reason: string): void {
    const name = client.id ?? this.#addresses.get(client) ?? '';
    if (this.#refusals.isDue(name)) this.#report('refused', client, reason);
  }

  #report(type: ClientEvent['type'], client: Client, reason?: string): void {
    this.#options.onClient({
      type,
      client: printable(client.id ?? ''),
      address: this.#addresses.get(client) ?? '',
      ...(reason === undefined ? {} : { reason }),
    });
  }
}

function listen(server: Server, { host, port }: { host: string; port: number }): Promise<number> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      const isTaken = error.code === 'EADDRINUSE';
      reject(isTaken ? new RipeError('RIPE_PORT_IN_USE', { port, setting: 'RIPE_MQTT_PORT' }, error) : error);
    };
    server.once('error', onError);
    server.listen(port, host, () => {
      server.off('error', onError);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

/** An id is whatever the client sent: it must not break a line of the log. */
function printable(id: string): string {
  return id.replace(/[^\x20-\x7e]/g, '?').slice(0, LONGEST_CLIENT_ID);
}
