import Type from 'typebox';
import type { Behaviour, Trial } from '../../domain/agent-bench/what-if.ts';
import { compileCheck } from '../../domain/check.ts';
import { RipeError } from '../../domain/errors.ts';
import { PluginWorker } from '../agents/worker/plugin-worker.ts';
import { workerOptions } from '../agents/worker/worker-host.ts';
import type { KeptCode } from '../plugin-files/kept-code.ts';

const Time = Type.Integer({ minimum: 0 });
const checkBehaviour = compileCheck(
  Type.Object({ spans: Type.Array(Type.Object({ from: Time, until: Time })) }),
  'replay',
);

/**
 * Replays recorded readings through a version of a plugin in a process of its own, as plugins are tried: it can do no more
 * there, and ends with the answer. `withinMs`: of real time, beside that of loading it.
 */
export async function replayPlugin(
  { code, hosting }: KeptCode,
  trial: Trial,
  withinMs: number,
): Promise<Behaviour> {
  const options = { ...hosting, isTrial: true, deadlineMs: withinMs };
  const worker = new PluginWorker(workerOptions(code, options, () => undefined));
  try {
    await worker.load();
    return checkBehaviour(await worker.call({ fn: 'replay', ...trial }));
  } catch (error) {
    const isLate = error instanceof RipeError && error.code === 'RIPE_PLUGIN_TIMEOUT';
    throw isLate ? new RipeError('RIPE_WHAT_IF_LONG', { seconds: withinMs / 1000 }) : error;
  } finally {
    worker.stop();
  }
}
