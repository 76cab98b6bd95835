import { once } from 'node:events';
import { createConnection, createServer, type Server, type Socket } from 'node:net';

/** Stands between client and broker, and spoils the connection as a network would. */
export interface TcpProxy {
  readonly port: number;
  /** How many connections were accepted since the start. */
  readonly accepted: number;
  /** How many connections there are. */
  readonly open: number;
  /** Ends all connections at once; new ones are accepted. */
  cut(): void;
  /** Carries nothing any more, and keeps every connection open: half-open TCP. New ones are accepted, and hang. */
  freeze(): void;
  /** Every byte takes so long, in each direction. */
  delay(ms: number): void;
  /** So many bytes a second, in each direction and connection. */
  throttle(bytesPerSecond: number): void;
  /** As it was in the beginning; what was held back by `freeze` is carried on. */
  heal(): void;
  /** Refuses connections until `listen`. */
  close(): Promise<void>;
  listen(): Promise<void>;
}

/** A proxy in front of `target()` for each test of the calling `describe`. */
export function useTcpProxy(target: () => number): TcpProxy {
  const proxy = new SpoilingProxy(target);
  beforeEach('start the proxy', () => proxy.listen());
  afterEach('stop the proxy', () => proxy.close());
  return proxy;
}

/** A proxy of the caller's own: he closes it. */
export async function startTcpProxy(target: () => number): Promise<TcpProxy> {
  const proxy = new SpoilingProxy(target);
  await proxy.listen();
  return proxy;
}

interface Conditions {
  isFrozen: boolean;
  delayMs: number;
  bytesPerSecond: number;
}

const FINE: Conditions = { isFrozen: false, delayMs: 0, bytesPerSecond: Number.POSITIVE_INFINITY };

class SpoilingProxy implements TcpProxy {
  port = 0;
  accepted = 0;
  readonly #target: () => number;
  readonly #pairs = new Set<Pair>();
  #conditions: Conditions = { ...FINE };
  #server: Server | null = null;

  constructor(target: () => number) {
    this.#target = target;
  }

  get open(): number {
    return this.#pairs.size;
  }

  async listen(): Promise<void> {
    if (this.#server !== null) return;
    this.#conditions = { ...FINE };
    const server = createServer({ noDelay: true }, (client) => this.#accept(client));
    this.#server = server.listen(this.port, '127.0.0.1');
    await once(server, 'listening');
    this.port = (server.address() as { port: number }).port;
  }

  async close(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    this.cut();
    if (server !== null) await new Promise((resolve) => server.close(resolve));
  }

  cut(): void {
    for (const pair of this.#pairs) pair.end();
  }

  freeze(): void {
    this.#conditions.isFrozen = true;
  }

  delay(ms: number): void {
    this.#conditions.delayMs = ms;
  }

  throttle(bytesPerSecond: number): void {
    this.#conditions.bytesPerSecond = bytesPerSecond;
  }

  heal(): void {
    Object.assign(this.#conditions, FINE);
    for (const pair of this.#pairs) pair.resume();
  }

  #accept(client: Socket): void {
    this.accepted += 1;
    const server = createConnection({ port: this.#target(), host: '127.0.0.1', noDelay: true });
    const pair = new Pair(client, server, this.#conditions, () => this.#pairs.delete(pair));
    this.#pairs.add(pair);
  }
}

/** The two sockets of one connection. */
class Pair {
  readonly #lines: readonly [Line, Line];
  readonly #sockets: readonly [Socket, Socket];
  readonly #onEnd: () => void;

  constructor(client: Socket, server: Socket, conditions: Conditions, onEnd: () => void) {
    this.#sockets = [client, server];
    this.#onEnd = onEnd;
    this.#lines = [new Line(client, server, conditions), new Line(server, client, conditions)];
    for (const socket of this.#sockets) {
      socket.on('error', () => undefined);
      // A network that carries nothing does not tell of an end either.
      socket.on('close', () => {
        if (!conditions.isFrozen) this.end();
      });
    }
  }

  resume(): void {
    if (this.#sockets.some(({ destroyed }) => destroyed)) this.end();
    else for (const line of this.#lines) line.resume();
  }

  end(): void {
    for (const line of this.#lines) line.end();
    for (const socket of this.#sockets) socket.destroy();
    this.#onEnd();
  }
}

/** One direction of a connection. */
class Line {
  readonly #to: Socket;
  readonly #conditions: Conditions;
  readonly #timers = new Set<NodeJS.Timeout>();
  #held: Buffer[] = [];
  #freeAt = 0;

  constructor(from: Socket, to: Socket, conditions: Conditions) {
    this.#to = to;
    this.#conditions = conditions;
    from.on('data', (chunk) => this.#carry(chunk));
  }

  resume(): void {
    for (const chunk of this.#held.splice(0)) this.#carry(chunk);
  }

  end(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#held = [];
  }

  #carry(chunk: Buffer): void {
    const { isFrozen, delayMs, bytesPerSecond } = this.#conditions;
    if (isFrozen) {
      this.#held.push(chunk);
      return;
    }
    const now = performance.now();
    this.#freeAt = Math.max(this.#freeAt, now) + (chunk.length / bytesPerSecond) * 1000;
    const waitMs = this.#freeAt - now + delayMs;
    if (waitMs < 1) {
      this.#to.write(chunk);
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      if (this.#conditions.isFrozen) this.#held.push(chunk);
      else this.#to.write(chunk);
    }, waitMs);
    this.#timers.add(timer);
  }
}
