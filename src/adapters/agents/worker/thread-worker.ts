import { Worker as Thread } from 'node:worker_threads';
import { endThread } from './end-thread.ts';
import { RunningCall } from './running-call.ts';
import type { ThreadData } from './thread-link.ts';
import { HEAP_MB, type Worker, type WorkerListener, type WorkerStart, YOUNG_MB } from './worker.ts';
import type { WorkerMessage } from './worker-protocol.ts';

/** A thread of this process: it ends by itself, but for what V8 cannot interrupt, or aborts the whole process for. */
export function startThread({ file, plugin, entry }: WorkerStart, listener: WorkerListener): Worker {
  const running = new RunningCall();
  const thread = new Thread(entry, {
    workerData: { file, running: running.memory } satisfies ThreadData,
    // Nothing of the environment, which may hold passwords.
    env: {},
    execArgv: ['--no-warnings'],
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB, maxYoungGenerationSizeMb: YOUNG_MB },
    // What it writes past its console is of no use to anybody.
    stdout: true,
    stderr: true,
  });
  thread.unref();
  thread.stdout.resume();
  thread.stderr.resume();
  let isOver = false;
  let hasEnded = false;
  const gone = (reason: string) => {
    if (isOver) return;
    isOver = true;
    listener.gone(reason);
  };
  thread.on('message', (message: WorkerMessage) => {
    if (!isOver) listener.said(message);
  });
  thread.on('error', (error) => gone(error instanceof Error ? error.message : String(error)));
  thread.on('exit', (code) => {
    hasEnded = true;
    gone(`its worker ended with code ${code}`);
  });
  return {
    post: (message) => thread.postMessage(message),
    get running() {
      return running.state;
    },
    end() {
      isOver = true;
      if (!hasEnded) endThread(thread, plugin);
    },
  };
}
