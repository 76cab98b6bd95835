const utf8 = new TextDecoder('utf-8', { fatal: true });
const utf16 = new TextDecoder('utf-16le');

/**
 * A module's memory as the host sees it. Every pointer and length comes from the module: none is believed. The buffer is
 * asked for anew each time, since the old one is detached when the module makes its memory grow.
 */
export class GuestMemory {
  readonly #memory: WebAssembly.Memory;

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory;
  }

  /** A view of so many bytes; it holds until the module runs again. */
  bytes(pointer: number, length: number, what: string): Uint8Array {
    const { buffer } = this.#memory;
    // Pointers of 32 bits arrive as signed numbers.
    const from = pointer >>> 0;
    if (!Number.isInteger(pointer) || !Number.isInteger(length) || length < 0)
      throw new Error(`gave something else than a pointer for ${what}`);
    if (from + length > buffer.byteLength) throw new Error(`gave a pointer outside its memory for ${what}`);
    return new Uint8Array(buffer, from, length);
  }

  /** An unsigned 32-bit number, the lowest byte first. */
  unsigned(pointer: number, what: string): number {
    const bytes = this.bytes(pointer, 4, what);
    return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
  }

  text(pointer: number, length: number, what: string): string {
    const bytes = this.bytes(pointer, length, what);
    try {
      return utf8.decode(bytes);
    } catch {
      throw new Error(`gave ${what} that is not UTF-8`);
    }
  }

  /** A string of AssemblyScript: UTF-16, its length in bytes in the four bytes before it; 0 is none. */
  assemblyScriptText(pointer: number, longest: number): string {
    if (pointer === 0) return '';
    const length = this.unsigned(pointer - 4, 'a text');
    return utf16.decode(this.bytes(pointer, Math.min(length, longest) & ~1, 'a text'));
  }
}
