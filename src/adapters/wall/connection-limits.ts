import type { Clock } from '../../domain/time/clock.ts';
import { TokenBucket } from './token-bucket.ts';

export interface ConnectionBounds {
  readonly connections: number;
  readonly connectionsPerAddress: number;
  /** Of one address. */
  readonly connectsPerMinute?: number;
  /** Of one address, by all its connections. */
  readonly messagesPerSecond?: number;
}

interface Caller {
  connections: number;
  readonly connects: TokenBucket;
  readonly messages: TokenBucket;
}

const UNBOUNDED = 1e12;
const MOST_IDLE = 10_000;
const orUnbounded = (limit: number | undefined): number =>
  limit === undefined || limit === 0 ? UNBOUNDED : limit;

/** Counts the connections of each address, and paces what they send. */
export class ConnectionLimits {
  readonly #bounds: ConnectionBounds;
  readonly #clock: Clock;
  /** In the order of their last connection. */
  readonly #callers = new Map<string, Caller>();
  #connections = 0;

  /** `clock` never goes back. */
  constructor(bounds: ConnectionBounds, clock: Clock) {
    this.#bounds = bounds;
    this.#clock = clock;
  }

  /** Counts a connection; answers why it is one too many, or null. Who is let in is to `leave` again. */
  enter(address: string): string | null {
    const { connections, connectionsPerAddress } = this.#bounds;
    const now = this.#clock.now();
    const caller = this.#caller(address);
    if (caller.connects.waitMs(now) > 0) return 'it connects too often';
    caller.connects.take(1, now);
    if (this.#connections >= orUnbounded(connections)) return 'there are too many connections';
    if (caller.connections >= orUnbounded(connectionsPerAddress))
      return 'its address has too many connections';
    caller.connections += 1;
    this.#connections += 1;
    return null;
  }

  leave(address: string): void {
    const caller = this.#callers.get(address);
    if (caller === undefined) return;
    caller.connections -= 1;
    this.#connections -= 1;
  }

  /** How fast an address may send, whatever number of connections it has. */
  paceOf(address: string): TokenBucket {
    return this.#caller(address).messages;
  }

  #caller(address: string): Caller {
    const known = this.#callers.get(address);
    const connects = orUnbounded(this.#bounds.connectsPerMinute);
    const messages = orUnbounded(this.#bounds.messagesPerSecond);
    const caller = known ?? {
      connections: 0,
      connects: new TokenBucket(connects / 60, connects),
      messages: new TokenBucket(messages, messages),
    };
    this.#callers.delete(address);
    this.#callers.set(address, caller);
    if (known === undefined) this.#forgetSome();
    return caller;
  }

  #forgetSome(): void {
    if (this.#callers.size <= MOST_IDLE) return;
    for (const [address, { connections }] of this.#callers) {
      if (connections > 0) continue;
      this.#callers.delete(address);
      return;
    }
  }
}
