import type { Duplex } from 'node:stream';
import type { Clock } from '../../domain/time/clock.ts';
import type { TokenBucket } from '../wall/token-bucket.ts';
import { PacketGuard, type PacketSizes } from './packet-guard.ts';

/** So many bytes are parsed at once: what comes after them waits until others have had their turn. */
const CHUNK_BYTES = 8_192;
/** So many bytes count as much as a message. */
const MESSAGE_BYTES = 4_096;

export interface StreamWallOptions {
  readonly sizes: PacketSizes;
  /** Shared by all connections of an address. */
  readonly pace: TokenBucket;
  readonly clock: Clock;
  /** What may wait to be sent. */
  readonly unreadBytes: number;
}

/** How much a message of that many bytes takes of its sender's pace. */
export const priceOf = (bytes: number): number => 1 + bytes / MESSAGE_BYTES;

/**
 * Stands between the bytes of one client and aedes, which takes them by `read()` and sends by `write()`: both are wrapped
 * for this one stream.
 *
 * - The app's CONNECT has a will QoS without a will (protocol §10.1). mosquitto accepts that; the parser of aedes does
 *   not, and it would also buffer packets of up to 256 MB, for anybody.
 * - Who sends faster than its pace is read later: TCP makes it wait, and no queue grows.
 * - aedes waits for a client that does not read, and with it all other messages wait. Here nobody waits: what a client
 *   leaves unread is kept up to a bound, then it is cut.
 */
export class StreamWall {
  readonly #stream: Duplex;
  readonly #options: StreamWallOptions;
  readonly #guard: PacketGuard;
  readonly #read: (size?: number) => unknown;
  readonly #write: Duplex['write'];
  #timer: NodeJS.Timeout | NodeJS.Immediate | undefined;

  constructor(stream: Duplex, options: StreamWallOptions) {
    this.#stream = stream;
    this.#options = options;
    this.#guard = new PacketGuard(options.sizes);
    this.#read = stream.read.bind(stream);
    this.#write = stream.write.bind(stream) as Duplex['write'];
    // Node itself calls read(0), to be told of what comes next: that must take nothing.
    stream.read = (size?: number) => (size === 0 ? this.#read(0) : this.#readSome());
    stream.write = ((...args: Parameters<Duplex['write']>) => this.#writeAll(args)) as Duplex['write'];
  }

  /** For RIPE itself: it is not paced, and waited for. */
  lift(): void {
    this.#stream.read = this.#read as Duplex['read'];
    this.#stream.write = this.#write;
    this.#readLater(0);
  }

  #readSome(): unknown {
    const { pace, clock } = this.#options;
    const waitMs = pace.waitMs(clock.now());
    if (waitMs > 0) {
      this.#readLater(waitMs);
      return null;
    }
    const before = this.#stream.readableLength;
    const chunk = this.#read(before > CHUNK_BYTES ? CHUNK_BYTES : undefined);
    if (!Buffer.isBuffer(chunk)) return chunk;
    const packets = this.#guard.packets;
    if (!this.#guard.inspect(chunk)) {
      this.#stream.destroy(new Error(`packet larger than ${this.#guard.largest} bytes`));
      return null;
    }
    pace.take(this.#guard.packets - packets + chunk.length / MESSAGE_BYTES, clock.now());
    if (chunk.length < before) this.#readLater(0);
    return chunk;
  }

  /** aedes reads when it is told that there is something. */
  #readLater(ms: number): void {
    if (this.#timer !== undefined) return;
    const again = () => {
      this.#timer = undefined;
      if (!this.#stream.destroyed) this.#stream.emit('readable');
    };
    this.#timer = ms === 0 ? setImmediate(again) : setTimeout(again, ms);
  }

  #writeAll(args: Parameters<Duplex['write']>): boolean {
    const stream = this.#stream;
    if (stream.destroyed) return true;
    this.#write(...args);
    if (stream.writableLength > this.#options.unreadBytes) {
      stream.destroy(new Error(`it left more than ${this.#options.unreadBytes} bytes unread`));
    }
    return true;
  }
}
