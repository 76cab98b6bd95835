/** A kind of plugin file: how its code is run in a worker thread. */
export interface PluginKind {
  readonly file: RegExp;
  /** The module that the worker runs; it calls `serve` of worker-service.ts. */
  readonly entry: URL;
}

/** Every kind of file that may be, or begin, a plugin. A further kind is one more line here. */
export const PLUGIN_KINDS: readonly PluginKind[] = [
  { file: /\.(?:js|mjs|cjs)$/, entry: workerEntry('worker-entry') },
  { file: /\.wasm$/, entry: workerEntry('wasm/wasm-entry') },
];

/** The kind of a file by its name; undefined: no plugin. */
export function kindOf(file: string): PluginKind | undefined {
  return PLUGIN_KINDS.find((kind) => kind.file.test(file));
}

/** Built code runs as .js, the tests run the source as it is. */
function workerEntry(name: string): URL {
  return new URL(`./${name}${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);
}
