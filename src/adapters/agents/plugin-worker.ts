import { Worker } from 'node:worker_threads';
import { RipeError } from '../../domain/errors.ts';
import type { AgentCall, WorkerMessage } from './worker-protocol.ts';

/** Built code runs as .js, the tests run the source as it is. */
const ENTRY = new URL(`./worker-entry${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);
const HEAP_MB = 64;
const LOAD_MS = 5_000;
const MOST_FAILURES = 3;

interface PendingCall {
  readonly id: number;
  readonly call: AgentCall;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

/**
 * A worker thread for one plugin. It answers in order, so the oldest open call is the one that runs: if that overruns
 * its time or kills the worker, only that one fails, and the others are sent again to the next worker.
 */
export class PluginWorker {
  readonly #file: string;
  readonly #plugin: string;
  readonly #deadlineMs: number;
  readonly #open: PendingCall[] = [];
  #worker: Worker | null = null;
  /** The plugin has been loaded: from here on its calls have their time. */
  #isLoaded = false;
  #timer: NodeJS.Timeout | undefined;
  #lastId = 0;
  #failures = 0;

  constructor(options: { file: string; plugin: string; deadlineMs: number }) {
    this.#file = options.file;
    this.#plugin = options.plugin;
    this.#deadlineMs = options.deadlineMs;
  }

  /** Loads the plugin; resolves with what it says of itself. */
  async load(): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const invalid = (reason: string) => {
        this.stop();
        reject(new RipeError('RIPE_PLUGIN_INVALID', { plugin: this.#plugin, reason }));
      };
      const timer = setTimeout(() => invalid(`did not load within ${LOAD_MS} ms`), LOAD_MS);
      this.#spawn({
        described: (description) => {
          clearTimeout(timer);
          resolve(description);
        },
        failed: (reason) => {
          clearTimeout(timer);
          invalid(reason);
        },
      });
    });
  }

  call(call: AgentCall): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#failures >= MOST_FAILURES) {
        reject(this.#invalid(`stopped after ${MOST_FAILURES} failures in a row`));
        return;
      }
      this.#lastId += 1;
      const pending = { id: this.#lastId, call, resolve, reject };
      this.#open.push(pending);
      this.#worker?.postMessage({ id: pending.id, call });
      if (this.#open.length === 1) this.#watch();
    });
  }

  stop(): void {
    clearTimeout(this.#timer);
    const worker = this.#worker;
    this.#worker = null;
    // Never awaited: it does not resolve while the plugin sits in a synchronous system call.
    void worker?.terminate();
    for (const { reject } of this.#open.splice(0)) reject(this.#invalid('stopped'));
  }

  #spawn(loading: { described(description: unknown): void; failed(reason: string): void }): void {
    const worker = new Worker(ENTRY, {
      workerData: { file: this.#file },
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    });
    this.#worker = worker;
    worker.unref();
    this.#isLoaded = false;
    worker.on('message', (message: WorkerMessage) => {
      if ('described' in message) {
        this.#isLoaded = true;
        loading.described(message.described);
      } else if ('failed' in message) loading.failed(message.failed);
      else this.#answered(message);
    });
    const gone = (reason: string) => {
      if (this.#worker !== worker) return;
      if (!this.#isLoaded) loading.failed(reason);
      if (this.#worker === worker) this.#replace(reason);
    };
    worker.on('error', (error) => gone(error instanceof Error ? error.message : String(error)));
    worker.on('exit', (code) => gone(`its worker ended with code ${code}`));
  }

  #answered(message: Extract<WorkerMessage, { id: number }>): void {
    const head = this.#open[0];
    if (head === undefined || head.id !== message.id) return;
    this.#open.shift();
    this.#failures = 0;
    this.#watch();
    if ('error' in message) head.reject(this.#invalid(message.error));
    else head.resolve(message.result);
  }

  #watch(): void {
    if (!this.#isLoaded) return;
    clearTimeout(this.#timer);
    if (this.#open.length === 0) return;
    this.#timer = setTimeout(() => this.#replace(null), this.#deadlineMs);
  }

  /** The running call has failed; whatever else is open goes to a new worker. `null`: it overran its time. */
  #replace(reason: string | null): void {
    clearTimeout(this.#timer);
    const former = this.#worker;
    this.#worker = null;
    void former?.terminate();
    this.#failures += 1;
    const error =
      reason === null
        ? new RipeError('RIPE_PLUGIN_TIMEOUT', { plugin: this.#plugin, ms: this.#deadlineMs })
        : this.#invalid(reason);
    this.#open.shift()?.reject(error);
    if (this.#failures >= MOST_FAILURES) {
      for (const { reject } of this.#open.splice(0)) reject(error);
      return;
    }
    this.#spawn({ described: () => this.#watch(), failed: () => undefined });
    this.#timer = setTimeout(() => this.#replace(`did not load again within ${LOAD_MS} ms`), LOAD_MS);
    for (const { id, call } of this.#open) (this.#worker as Worker | null)?.postMessage({ id, call });
  }

  #invalid(reason: string): RipeError {
    return new RipeError('RIPE_PLUGIN_INVALID', { plugin: this.#plugin, reason });
  }
}
