import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { endThread } from '../../../../src/adapters/agents/worker/end-thread.ts';

/** A thread in a loop that cannot be interrupted: a real one would keep this process from ending, too. */
function createWorker(ends: boolean): Pick<Worker, 'once' | 'terminate'> {
  const worker = new EventEmitter();
  const terminate = async () => {
    if (ends) worker.emit('exit', 1);
    return 1;
  };
  return Object.assign(worker, { terminate }) as unknown as Worker;
}

describe('Ending the worker of a plugin', () => {
  it('warns where its thread does not end', async () => {
    const warned = once(process, 'warning');
    endThread(createWorker(false), 'fern.mjs', 5);
    const [warning] = await warned;
    assert.match(warning.message, /plugin fern\.mjs: its thread does not end/);
  });

  it('says nothing where it does', async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => warnings.push(warning);
    process.on('warning', onWarning);
    endThread(createWorker(true), 'fern.mjs', 5);
    await sleep(50);
    process.off('warning', onWarning);
    assert.deepEqual(warnings, []);
  });
});
