import { RipeError } from '../../../domain/errors.ts';
import type { StartWorker, Worker, WorkerListener, WorkerStart } from './worker.ts';
import type { CallMessage, WorkerMessage } from './worker-protocol.ts';

const LOAD_MS = 5_000;
/** A worker that has this long not begun what it was asked is replaced; its call is not to blame. */
const STARVED_MS = 3_000;
const MOST_DEATHS = 3;

/** Code that overran its time has had at least this part of a processor. */
const LEAST_CPU = 0.7;

interface PendingCall extends CallMessage {
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

export interface PluginWorkerOptions extends WorkerStart {
  readonly start: StartWorker;
  readonly deadlineMs: number;
  /** To be loaded, at first and after each death. */
  readonly loadMs?: number;
  /** It threw, overran its time or died: once for each time, also where no call is to blame. */
  onFault?(error: RipeError): void;
  /** It has written a line. */
  onLog?(line: string): void;
}

interface Loading {
  described(description: unknown): void;
  failed(reason: string): void;
}

/**
 * The code of one plugin, in one worker after another. A worker answers in order and says which call it runs: if that
 * overruns its time or kills the worker, only that one fails, and the others are sent again to the next worker.
 */
export class PluginWorker {
  readonly #options: PluginWorkerOptions;
  readonly #open: PendingCall[] = [];
  #worker: Worker | null = null;
  /** The plugin has been loaded: from here on its calls have their time. */
  #isLoaded = false;
  #timer: NodeJS.Timeout | undefined;
  #judging: NodeJS.Immediate | undefined;
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

  call(call: CallMessage['call']): Promise<unknown> {
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
      this.#worker?.post({ id: pending.id, call });
      if (this.#open.length === 1) this.#watch();
    });
  }

  stop(): void {
    this.#isStopped = true;
    this.#end();
    for (const { reject } of this.#open.splice(0)) reject(this.#invalid('stopped'));
  }

  #end(): void {
    this.#disarm();
    this.#worker?.end();
    this.#worker = null;
  }

  #spawn(loading: Loading): void {
    this.#isLoaded = false;
    const worker = this.#start({
      said: (message) => this.#worker === worker && this.#heard(message, loading),
      gone: (reason) => {
        if (worker === null || this.#worker !== worker) return;
        if (this.#isLoaded) this.#replace(worker.running?.id ?? 0, this.#invalid(reason));
        else loading.failed(reason);
      },
    });
    this.#worker = worker;
    if (worker === null) loading.failed('its worker does not start');
  }

  /** Null where the system has no room for another one. */
  #start(listener: WorkerListener): Worker | null {
    try {
      return this.#options.start(this.#options, listener);
    } catch {
      return null;
    }
  }

  #heard(message: WorkerMessage, loading: Loading): void {
    if ('described' in message) {
      this.#isLoaded = true;
      loading.described(message.described);
    } else if ('failed' in message) loading.failed(message.failed);
    else if ('log' in message) this.#options.onLog?.(message.log);
    else this.#answered(message);
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
    this.#disarm();
    if (this.#open.length === 0) return;
    this.#waitingSince = performance.now();
    this.#arm();
  }

  #disarm(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#judging);
  }

  #arm(waitMs = this.#options.deadlineMs): void {
    const armedAt = performance.now();
    this.#timer = setTimeout(() => {
      // This machine stood still: then nobody has had its time.
      const isLate = performance.now() - armedAt - waitMs > this.#options.deadlineMs;
      // What has come meanwhile is read first: timers come before that.
      this.#judging = setImmediate(() => this.#judge(isLate));
    }, waitMs);
  }

  #judge(isLate: boolean): void {
    const { deadlineMs } = this.#options;
    const running = this.#worker?.running ?? null;
    if (performance.now() - this.#waitingSince > STARVED_MS) this.#replace(running?.id ?? 0, this.#timeout());
    else if (running === null || isLate) this.#arm();
    else if (running.elapsedMs < deadlineMs) this.#arm(Math.ceil(deadlineMs - running.elapsedMs));
    // Other programs have the processors.
    else if (running.cpuMs < deadlineMs * LEAST_CPU) this.#arm();
    else this.#replace(running.id, this.#timeout());
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
    for (const { id, call } of this.#open) worker?.post({ id, call });
  }

  #timeout(): RipeError {
    const { plugin, deadlineMs } = this.#options;
    return new RipeError('RIPE_PLUGIN_TIMEOUT', { plugin, ms: deadlineMs });
  }

  #invalid(reason: string): RipeError {
    return new RipeError('RIPE_PLUGIN_INVALID', { plugin: this.#options.plugin, reason });
  }
}
