import { isObject } from '../../../domain/json.ts';
import type { AgentCall } from '../worker/worker-protocol.ts';
import { WasmInstance } from './wasm-instance.ts';
import { compileModule } from './wasm-module.ts';

/**
 * A WebAssembly module as an agent type. After a trap, or an answer that breaks the ABI, the instance is thrown away:
 * nobody knows what is left in its memory, and a new one costs next to nothing.
 */
export class WasmAgent {
  readonly #module: WebAssembly.Module;
  readonly #log: (line: string) => void;
  readonly #description: Record<string, unknown>;
  #instance: WasmInstance | null = null;

  constructor(bytes: Uint8Array, log: (line: string) => void) {
    this.#module = compileModule(bytes);
    this.#log = log;
    const description = this.#use((instance) => instance.describe());
    if (!isObject(description)) throw new Error('describes itself by something else than an object');
    this.#description = description;
  }

  describe(): unknown {
    return this.#description;
  }

  call(call: AgentCall): unknown {
    // A module that takes over no older states says so by saying nothing: they are kept as they are.
    if (call.fn === 'migrate' && this.#description['migrates'] !== true) return call.state;
    return this.#use((instance) => instance.call(call));
  }

  #use(ask: (instance: WasmInstance) => unknown): unknown {
    this.#instance ??= new WasmInstance(this.#module, this.#log);
    try {
      return ask(this.#instance);
    } catch (error) {
      this.#instance = null;
      throw error;
    }
  }
}
