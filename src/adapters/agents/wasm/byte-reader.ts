/** Reads a WebAssembly binary from front to back; what ends too early is refused. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  byte(): number {
    const value = this.#bytes[this.#at];
    if (value === undefined) throw new Error('the module ends too early');
    this.#at += 1;
    return value;
  }

  /** An unsigned 32-bit number as LEB128: seven bits a byte, the lowest first, at most five bytes. */
  unsigned(): number {
    let value = 0;
    for (let place = 0; place < 5; place++) {
      const byte = this.byte();
      // Multiplied, not shifted: a shift would make numbers from 2³¹ on negative.
      value += (byte & 0x7f) * 2 ** (7 * place);
      if (byte < 0x80) {
        if (value > 0xffff_ffff) break;
        return value;
      }
    }
    throw new Error('the module holds a number of more than 32 bits');
  }

  bytes(length: number): Uint8Array {
    if (length > this.#bytes.length - this.#at) throw new Error('the module ends too early');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}

/** An unsigned 32-bit number as LEB128. */
export function leb128(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7f) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return [...bytes, rest];
}
