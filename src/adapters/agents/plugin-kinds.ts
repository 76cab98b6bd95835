import { startConfinedProcess, startProcess } from './worker/process-worker.ts';
import { startThread } from './worker/thread-worker.ts';
import type { StartWorker } from './worker/worker.ts';

/** Where JavaScript of plugins runs: in a process of its own each, or in a thread of this one. */
export type PluginHost = 'process' | 'thread';

/** A kind of plugin file: how its code is run in a worker. */
export interface PluginKind {
  readonly file: RegExp;
  /** The module that the worker runs; it calls `serve` of worker-service.ts. */
  readonly entry: URL;
  /** No code of this kind can end or hold a process, so a thread is enough. */
  readonly isTame?: true;
}

/** Every kind of file that may be, or begin, a plugin. A further kind is one more line here. */
export const PLUGIN_KINDS: readonly PluginKind[] = [
  { file: /\.(?:js|mjs|cjs)$/, entry: workerEntry('worker/worker-entry') },
  { file: /\.wasm$/, entry: workerEntry('wasm/wasm-entry'), isTame: true },
];

/** The kind of a file by its name; undefined: no plugin. */
export function kindOf(file: string): PluginKind | undefined {
  return PLUGIN_KINDS.find((kind) => kind.file.test(file));
}

/** How a plugin is run for good. */
export function liveWorker({ isTame }: PluginKind, host: PluginHost): StartWorker {
  return isTame || host === 'thread' ? startThread : startConfinedProcess;
}

/** How it is tried: in a process, whatever comes of it, which may do then what the plugin may do later. */
export function trialWorker({ isTame }: PluginKind, host: PluginHost): StartWorker {
  return !isTame && host === 'thread' ? startProcess : startConfinedProcess;
}

/** Built code runs as .js, the source as it is. */
function workerEntry(name: string): URL {
  return new URL(`./${name}${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);
}
