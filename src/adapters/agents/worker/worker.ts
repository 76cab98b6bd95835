import type { CallMessage, WorkerMessage } from './worker-protocol.ts';

/** Of plugin code, wherever it runs. */
export const HEAP_MB = 64;
export const YOUNG_MB = 16;

/** The code of one plugin at work, in a thread of this process or in a process of its own. It keeps nobody alive. */
export interface Worker {
  post(message: CallMessage): void;
  /** Null: it runs no call now. */
  readonly running: RunningState | null;
  /** Ends it, whatever it does; nothing is heard of it any more. */
  end(): void;
}

/** The call that a worker runs. */
export interface RunningState {
  readonly id: number;
  readonly elapsedMs: number;
  /** What it has had of a processor: at most so much. Infinity where nobody can tell. */
  readonly cpuMs: number;
}

export interface WorkerListener {
  said(message: WorkerMessage): void;
  /** It ended by itself, or does not start. Called once, and never after `end`. */
  gone(reason: string): void;
}

/** The code of a plugin as it lies on disk. */
export interface PluginCode {
  /** Where it begins. */
  readonly file: string;
  /** All that belongs to it. */
  readonly folder: string;
}

export interface WorkerStart extends PluginCode {
  /** How texts name it. */
  readonly plugin: string;
  /** The module that loads a file of this kind; it calls `serve` of worker-service.ts. */
  readonly entry: URL;
}

export type StartWorker = (start: WorkerStart, listener: WorkerListener) => Worker;
