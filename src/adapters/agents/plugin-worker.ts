import { Worker } from 'node:worker_threads';
import { RipeError } from '../../domain/errors.ts';
import { endWorker } from './end-worker.ts';
import { kindOf } from './plugin-kinds.ts';
import { RunningCall } from './running-call.ts';
import type { AgentCall, WorkerData, WorkerMessage } from './worker-protocol.ts';

const HEAP_MB = 64;
const YOUNG_MB = 16;
const LOAD_MS = 5_000;
/** A worker that has this long not begun what it was asked is replaced; its call is not to blame. */
const STARVED_MS = 3_000;
const MOST_DEATHS = 3;

/** Code that overran its time has had at least this part of a processor; our own work counts into it too. */
const LEAST_CPU = 0.7;

interface PendingCall {
  readonly id: number;
  readonly call: AgentCall;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

export interface PluginWorkerOptions {
  readonly file: string;
  /** How texts name it. */
  readonly plugin: string;
  readonly deadlineMs: number;
  /** To be loaded, at first and after each death. */
  readonly loadMs?: number;
  /** It threw, overran its time or died: once for each time, also where no call is to blame. */
  onFault?(error: RipeError): void;
}

/**
 * A worker thread for one plugin, of whatever kind. It answers in order and says which call it runs: if that overruns
 * its time or kills the worker, only that one fails, and the others are sent again to the next worker.
 */
export class PluginWorker {
  readonly #options: PluginWorkerOptions;
  readonly #running = new RunningCall();
  readonly #open: PendingCall[] = [];
  #worker: Worker | null = null;
  /** The plugin has been loaded: from here on its calls have their time. */
  #isLoaded = false;
  #timer: NodeJS.Timeout | undefined;
  #waitingSince = 0;
  #lastId = 0;
  /** In a row: an answer in between forgives them. */
  #deaths = 0;
  #isStopped = false;

  constructor(options: PluginWorkerOptions) {
    this.#options = options;
  }

  /** Loads the plugin; resolves with what it says of itself. */
  async load(): Promise<unknown> {
    const { loadMs = LOAD_MS } = this.#options;
    return new Promise((resolve, reject) => {
      const invalid = (reason: string) => {
        clearTimeout(timer);
        this.stop();
        reject(this.#invalid(reason));
      };
      const timer = setTimeout(() => invalid(`did not load within ${loadMs} ms`), loadMs);
      this.#spawn({
        described: (description) => {
          clearTimeout(timer);
          resolve(description);
        },
        failed: invalid,
      });
    });
  }

  call(call: AgentCall): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#isStopped) {
        reject(this.#invalid('stopped'));
        return;
      }
      if (this.#deaths >= MOST_DEATHS) {
        reject(this.#invalid(`stopped after ${MOST_DEATHS} failures in a row`));
        return;
      }
      // 32 bits and never 0, as the shared word needs it.
      this.#lastId = (this.#lastId % 0x7fff_fffe) + 1;
      const pending = { id: this.#lastId, call, resolve, reject };
      this.#open.push(pending);
      this.#worker?.postMessage({ id: pending.id, call });
      if (this.#open.length === 1) this.#watch();
    });
  }

  stop(): void {
    this.#isStopped = true;
    this.#end();
    for (const { reject } of this.#open.splice(0)) reject(this.#invalid('stopped'));
  }

  #end(): void {
    clearTimeout(this.#timer);
    const worker = this.#worker;
    this.#worker = null;
    if (worker !== null) endWorker(worker, this.#options.plugin);
  }

  #spawn(loading: { described(description: unknown): void; failed(reason: string): void }): void {
    const { file } = this.#options;
    const kind = kindOf(file);
    if (kind === undefined) {
      loading.failed('is no kind of file that RIPE can run');
      return;
    }
    this.#running.end();
    const worker = new Worker(kind.entry, {
      workerData: { file, running: this.#running.memory } satisfies WorkerData,
      // Nothing of the environment, which may hold passwords.
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB, maxYoungGenerationSizeMb: YOUNG_MB },
    });
    this.#worker = worker;
    worker.unref();
    this.#isLoaded = false;
    worker.on('message', (message: WorkerMessage) => {
      if (this.#worker !== worker) return;
      if ('described' in message) {
        this.#isLoaded = true;
        loading.described(message.described);
      } else if ('failed' in message) loading.failed(message.failed);
      else this.#answered(message);
    });
    const gone = (reason: string) => {
      if (this.#worker !== worker) return;
      if (this.#isLoaded) this.#replace(this.#running.id, this.#invalid(reason));
      else loading.failed(reason);
    };
    worker.on('error', (error) => gone(error instanceof Error ? error.message : String(error)));
    worker.on('exit', (code) => gone(`its worker ended with code ${code}`));
  }

  #answered(message: Extract<WorkerMessage, { id: number }>): void {
    const index = this.#open.findIndex(({ id }) => id === message.id);
    if (index < 0) return;
    if ('error' in message && message.isOver) {
      this.#replace(message.id, this.#invalid(message.error));
      return;
    }
    const [pending] = this.#open.splice(index, 1);
    this.#deaths = 0;
    this.#watch();
    if (!('error' in message)) {
      pending?.resolve(message.result);
      return;
    }
    const error = this.#invalid(message.error);
    pending?.reject(error);
    // A state that it cannot take over is no fault of its code.
    if (pending?.call.fn !== 'migrate') this.#options.onFault?.(error);
  }

  /** Gives the oldest open call its time. */
  #watch(): void {
    if (!this.#isLoaded) return;
    clearTimeout(this.#timer);
    if (this.#open.length === 0) return;
    this.#waitingSince = performance.now();
    this.#arm();
  }

  #arm(waitMs = this.#options.deadlineMs): void {
    const armedAt = performance.now();
    const cpuAtArming = process.cpuUsage();
    this.#timer = setTimeout(() => {
      const { deadlineMs } = this.#options;
      const { id, elapsedMs } = this.#running;
      const now = performance.now();
      const isStarved = now - this.#waitingSince > STARVED_MS;
      // This machine stood still, or gave its processors to others: then nobody has had its time.
      const isLate = now - armedAt - waitMs > deadlineMs || usedMs(cpuAtArming) < waitMs * LEAST_CPU;
      // 0: it has answered and we have not read that yet, or it has not begun.
      if (!isStarved && (id === 0 || isLate)) this.#arm();
      else if (!isStarved && elapsedMs < deadlineMs) this.#arm(Math.ceil(deadlineMs - elapsedMs));
      else this.#replace(id, this.#timeout());
    }, waitMs);
  }

  /** One call has failed with its worker; whatever else is open goes to a new one. Nobody is to blame: 0. */
  #replace(blamed: number, error: RipeError): void {
    this.#end();
    this.#deaths += 1;
    const index = this.#open.findIndex(({ id }) => id === blamed);
    if (index >= 0) this.#open.splice(index, 1)[0]?.reject(error);
    if (this.#deaths >= MOST_DEATHS) for (const { reject } of this.#open.splice(0)) reject(error);
    else this.#begin();
    this.#options.onFault?.(error);
  }

  #begin(): void {
    const { loadMs = LOAD_MS } = this.#options;
    const failed = (reason: string) => this.#replace(0, this.#invalid(reason));
    this.#spawn({ described: () => this.#watch(), failed });
    this.#timer = setTimeout(() => failed(`did not load again within ${loadMs} ms`), loadMs);
    const worker = this.#worker as Worker | null;
    for (const { id, call } of this.#open) worker?.postMessage({ id, call });
  }

  #timeout(): RipeError {
    const { plugin, deadlineMs } = this.#options;
    return new RipeError('RIPE_PLUGIN_TIMEOUT', { plugin, ms: deadlineMs });
  }

  #invalid(reason: string): RipeError {
    return new RipeError('RIPE_PLUGIN_INVALID', { plugin: this.#options.plugin, reason });
  }
}

/** Of all threads of this process. */
function usedMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1_000;
}
