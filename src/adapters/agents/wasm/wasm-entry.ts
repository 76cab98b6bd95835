/** Runs in a worker thread: one WebAssembly module. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { serve } from '../worker-service.ts';
import { WasmAgent } from './wasm-agent.ts';

serve(async (file) => {
  const log = (line: string) => console.log(`plugin ${path.basename(file)}: ${line}`);
  return new WasmAgent(await readFile(file), log);
});
