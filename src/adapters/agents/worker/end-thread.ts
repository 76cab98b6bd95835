import type { Worker } from 'node:worker_threads';

const STUCK_MS = 10_000;

/**
 * Ends a worker thread and does not wait for that: it takes until the plugin is back from a synchronous system call. There are
 * loops that V8 does not interrupt at all (in Node 24 optimized ones around `fill`): such a thread is lost to everybody
 * until RIPE is started anew, so whoever reads the log has to know.
 */
export function endThread(
  worker: Pick<Worker, 'once' | 'terminate'>,
  plugin: string,
  stuckMs = STUCK_MS,
): void {
  const timer = setTimeout(() => {
    process.emitWarning(
      `plugin ${plugin}: its thread does not end, and keeps a processor busy until RIPE is started anew`,
    );
  }, stuckMs);
  timer.unref();
  worker.once('exit', () => clearTimeout(timer));
  void worker.terminate();
}
