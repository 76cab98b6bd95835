import { limitModule } from './module-limits.ts';

const LARGEST_MODULE = 4 * 1024 * 1024;
/** 16 MiB: agents of a few hundred lines use one. */
const LIMITS = { pages: 256, elements: 10_000 };

const IMPORTS: readonly string[] = ['ripe.log', 'env.abort'];
const EXPORTS = {
  memory: 'memory',
  ripe_abi: 'function',
  ripe_describe: 'function',
  ripe_alloc: 'function',
  ripe_free: 'function',
  ripe_call: 'function',
} as const;

/** Compiles a module that can live here: bounded, with the exports of the ABI, and with no wishes beyond it. */
export function compileModule(bytes: Uint8Array): WebAssembly.Module {
  if (bytes.length > LARGEST_MODULE) throw new Error(`is larger than ${LARGEST_MODULE} bytes`);
  const module = new WebAssembly.Module(limitModule(bytes, LIMITS));
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    if (!IMPORTS.includes(`${from}.${name}`) || kind !== 'function')
      throw new Error(`imports ${from}.${name}; an agent may import ${IMPORTS.join(' and ')} only`);
  }
  const kinds = new Map(WebAssembly.Module.exports(module).map(({ name, kind }) => [name, kind]));
  for (const [name, kind] of Object.entries(EXPORTS)) {
    if (kinds.get(name) !== kind) throw new Error(`exports no ${kind} called ${name}`);
  }
  return module;
}
