import { GuestMemory } from './guest-memory.ts';

/** What every module exports (docs/plugins.md has the ABI); pointers are numbers of 32 bits. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  ripe_abi(): unknown;
  ripe_describe(): unknown;
  ripe_alloc(length: number): unknown;
  ripe_free(pointer: number): void;
  ripe_call(pointer: number, length: number): unknown;
}

const ABI = 1;
const LARGEST_RESULT = 256 * 1024;
const LONGEST_LINE = 500;
const MOST_LINES = 20;

/** One instance of a module: JSON goes in, JSON comes out. It is not to be used again once it has thrown. */
export class WasmInstance {
  readonly #exports: Exports;
  readonly #memory: GuestMemory;
  readonly #log: (line: string) => void;
  /** How many lines it may still write during this call. */
  #lines = MOST_LINES;

  constructor(module: WebAssembly.Module, log: (line: string) => void) {
    this.#log = log;
    const instance = new WebAssembly.Instance(module, {
      ripe: { log: (pointer = 0, length = 0) => this.#write(pointer, length) },
      env: { abort: (...where: number[]) => this.#abort(where) },
    });
    this.#exports = instance.exports as unknown as Exports;
    this.#memory = new GuestMemory(this.#exports.memory);
    const abi = this.#exports.ripe_abi();
    if (abi !== ABI) throw new Error(`speaks version ${String(abi)} of the ABI; this RIPE speaks ${ABI}`);
  }

  describe(): unknown {
    this.#lines = MOST_LINES;
    return this.#take(this.#exports.ripe_describe(), 'its description');
  }

  call(input: object): unknown {
    this.#lines = MOST_LINES;
    const bytes = new TextEncoder().encode(JSON.stringify(input));
    const pointer = Number(this.#exports.ripe_alloc(bytes.length));
    if (pointer === 0) throw new Error(`has no room for an input of ${bytes.length} bytes`);
    this.#memory.bytes(pointer, bytes.length, 'its input').set(bytes);
    const result = this.#exports.ripe_call(pointer, bytes.length);
    this.#exports.ripe_free(pointer);
    return this.#take(result, 'its answer');
  }

  /** A result is its length (u32) and so many bytes of UTF-8; the module gets it back to free it. */
  #take(result: unknown, what: string): unknown {
    if (result === 0) throw new Error(`gave no pointer for ${what}: it could not answer`);
    const pointer = result as number;
    const length = this.#memory.unsigned(pointer, what);
    if (length > LARGEST_RESULT) throw new Error(`returned more than ${LARGEST_RESULT} bytes`);
    const text = this.#memory.text(pointer + 4, length, what);
    this.#exports.ripe_free(pointer);
    try {
      return JSON.parse(text);
    } catch {
      throw new Error(`gave ${what} that is no JSON`);
    }
  }

  #write(pointer: number, length: number): void {
    if (this.#lines === 0) return;
    this.#lines -= 1;
    this.#log(this.#memory.text(pointer, Math.min(length >>> 0, LONGEST_LINE), 'a line of its log'));
  }

  /** How AssemblyScript ends after a failed check: message, file, line and column. */
  #abort([message = 0, file = 0, line = 0, column = 0]: number[]): never {
    const text = this.#memory.assemblyScriptText(message, LONGEST_LINE) || 'aborted';
    const source = this.#memory.assemblyScriptText(file, LONGEST_LINE);
    throw new Error(source === '' ? text : `${text} (${source}:${line}:${column})`);
  }
}
