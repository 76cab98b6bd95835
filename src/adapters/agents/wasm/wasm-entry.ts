/** Runs in a worker: one WebAssembly module. */
import { readFile } from 'node:fs/promises';
import { serve } from '../worker/worker-service.ts';
import { WasmAgent } from './wasm-agent.ts';

serve(async (file) => {
  return new WasmAgent(await readFile(file), (line) => console.log(line));
});
