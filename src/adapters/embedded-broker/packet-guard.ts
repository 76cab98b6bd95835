const CONNECT = 1;
const PUBLISH = 3;
const WILL_FLAG = 0x04;
const WILL_QOS_AND_RETAIN = 0x38;

/** In bytes after the fixed header. */
export interface PacketSizes {
  readonly publish: number;
  readonly others: number;
}

/** Follows the packets in a stream of bytes: counts them, mends the first one, and notices one that is too large. */
export class PacketGuard {
  /** How many packets have begun. */
  packets = 0;
  readonly #sizes: PacketSizes;
  /** Of the kind of packet that is under way. */
  largest = 0;
  #inHeader = true;
  #lengthBytes = 0;
  #length = 0;
  /** Bytes of the present packet that are still to come, after its fixed header. */
  #left = 0;
  #isFirst = true;
  #bodyIndex = 0;
  #flagsIndex = 0;

  constructor(sizes: PacketSizes) {
    this.#sizes = sizes;
  }

  /** Changes `chunk` where needed; false = this peer announces a packet nobody should wait for. */
  inspect(chunk: Buffer): boolean {
    let at = 0;
    while (at < chunk.length) {
      if (this.#left > 0) at = this.#body(chunk, at);
      else if (!this.#header(chunk[at++] ?? 0)) return false;
    }
    return true;
  }

  /** One byte of the fixed header: the type, then one to four bytes of length [MQTT3 2.2.3]. */
  #header(byte: number): boolean {
    if (this.#inHeader) {
      this.packets += 1;
      this.largest = byte >> 4 === PUBLISH ? this.#sizes.publish : this.#sizes.others;
      if (this.#isFirst && byte >> 4 !== CONNECT) this.#isFirst = false;
      this.#inHeader = false;
      this.#length = 0;
      this.#lengthBytes = 0;
      return true;
    }
    this.#length += (byte & 0x7f) * 128 ** this.#lengthBytes++;
    if (this.#length > this.largest || this.#lengthBytes > 4) return false;
    if (byte < 0x80) {
      this.#left = this.#length;
      this.#inHeader = true;
    }
    return true;
  }

  #body(chunk: Buffer, from: number): number {
    const to = Math.min(chunk.length, from + this.#left);
    for (let at = from; this.#isFirst && at < to; at++) this.#connectByte(chunk, at);
    this.#left -= to - from;
    if (this.#left === 0) this.#isFirst = false;
    return to;
  }

  /** The variable header of CONNECT: length and text of the protocol name, level, flags. */
  #connectByte(chunk: Buffer, at: number): void {
    const byte = chunk[at] ?? 0;
    const index = this.#bodyIndex++;
    if (index === 0) this.#flagsIndex = byte << 8;
    else if (index === 1) this.#flagsIndex += byte + 3;
    else if (index === this.#flagsIndex) {
      if ((byte & WILL_FLAG) === 0) chunk[at] = byte & ~WILL_QOS_AND_RETAIN;
      this.#isFirst = false;
    }
  }
}
