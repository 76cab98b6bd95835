import type { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { MqttLimits } from '../../domain/broker/client-limits.ts';
import type { Clock } from '../../domain/time/clock.ts';
import { type AddressOf, addressGroup } from '../wall/client-address.ts';
import { ConnectionLimits } from '../wall/connection-limits.ts';
import { priceOf, StreamWall } from './stream-wall.ts';

export interface DoorwayOptions {
  readonly limits: MqttLimits;
  readonly clock: Clock;
  /** Of a WebSocket's request. */
  readonly addressOf: AddressOf;
  onRefused(address: string, reason: string): void;
}

interface Entered {
  readonly address: string;
  readonly wall: StreamWall;
}

/** Who is connected, from where, and how fast they may be. */
export class Doorway {
  readonly #options: DoorwayOptions;
  readonly #connections: ConnectionLimits;
  readonly #streams = new Map<Duplex, Entered>();
  readonly #entered = new WeakMap<object, Entered>();

  constructor(options: DoorwayOptions) {
    this.#options = options;
    this.#connections = new ConnectionLimits(options.limits, options.clock);
  }

  /** Whether the stream was let in; then it is walled, and `welcome` is to be told whose it is. */
  enter(stream: Duplex, request: IncomingMessage | undefined): boolean {
    const { limits, clock, onRefused } = this.#options;
    const address = this.#addressOf(stream, request);
    const reason = this.#connections.enter(address);
    if (reason !== null) {
      stream.destroy();
      onRefused(address, reason);
      return false;
    }
    const sizes = { publish: limits.packetBytes, others: limits.controlBytes };
    const pace = this.#connections.paceOf(address);
    const wall = new StreamWall(stream, { sizes, pace, clock, unreadBytes: limits.unreadBytes });
    this.#streams.set(stream, { address, wall });
    stream.once('close', () => {
      this.#streams.delete(stream);
      this.#connections.leave(address);
    });
    return true;
  }

  welcome(client: object, stream: Duplex): void {
    const entered = this.#streams.get(stream);
    if (entered !== undefined) this.#entered.set(client, entered);
  }

  addressOf(client: object): string {
    return this.#entered.get(client)?.address ?? '';
  }

  /** RIPE's own connection: nothing there is paced, and it takes no place from anybody. */
  lift(client: object): void {
    this.#entered.get(client)?.wall.lift();
  }

  /** Each delivery costs whoever published it: else one message to many listeners would be cheap. */
  charge(client: object, bytes: number): void {
    const entered = this.#entered.get(client);
    if (entered === undefined) return;
    this.#connections.paceOf(entered.address).take(priceOf(bytes), this.#options.clock.now());
  }

  /** Also those that have not said CONNECT yet, which aedes does not count as clients. */
  destroyAll(): void {
    for (const stream of this.#streams.keys()) stream.destroy();
  }

  #addressOf(stream: Duplex, request: IncomingMessage | undefined): string {
    if (request !== undefined) return this.#options.addressOf(request);
    return stream instanceof Socket ? addressGroup(stream.remoteAddress) : '';
  }
}
