/** Runs in a worker thread: messages through its port, and the running call in memory that RIPE sees. */
import { parentPort, workerData } from 'node:worker_threads';
import type { HostLink } from './host-link.ts';
import { RunningCall } from './running-call.ts';
import type { CallMessage } from './worker-protocol.ts';

/** What a worker thread is started with. */
export interface ThreadData {
  readonly file: string;
  /** The memory of a `RunningCall`. */
  readonly running: SharedArrayBuffer;
}

export function threadLink(): HostLink {
  const { file, running: memory } = workerData as ThreadData;
  const running = new RunningCall(memory);
  return {
    file,
    onCall: (take) => parentPort?.on('message', (message: CallMessage) => take(message)),
    begin: (id) => running.begin(id),
    end: () => running.end(),
    say: (message) => parentPort?.postMessage(message),
  };
}
