/** Runs in a worker: how it speaks with RIPE, whether it is a thread of RIPE's process or a process of its own. */
import { isMainThread } from 'node:worker_threads';
import { processLink } from './process-link.ts';
import { threadLink } from './thread-link.ts';
import type { CallMessage, WorkerMessage } from './worker-protocol.ts';

export interface HostLink {
  /** The plugin to be loaded. */
  readonly file: string;
  onCall(take: (message: CallMessage) => void): void;
  /** From now on RIPE knows that this call runs: whatever happens is its doing. */
  begin(id: number): void;
  /** It runs no more; its answer comes next. */
  end(): void;
  say(message: WorkerMessage): void;
}

export function openHostLink(): HostLink {
  return isMainThread ? processLink() : threadLink();
}
