/** The process for trials: a plugin that brings down even a whole process brings down this one only. */
import { RipeError } from '../../domain/errors.ts';
import { tryPlugin } from './canary.ts';
import type { TrialAnswer, TrialRequest } from './trial-protocol.ts';

async function answer({ file, source, options }: TrialRequest): Promise<TrialAnswer> {
  try {
    return { tried: await tryPlugin(file, source, options) };
  } catch (error) {
    if (!(error instanceof RipeError))
      return { fault: error instanceof Error ? error.message : String(error) };
    const { code, params, message } = error;
    return { code, params, message };
  }
}

process.on('message', (request: TrialRequest) => {
  void answer(request).then((result) => process.send?.(result));
});
// RIPE has gone, or has no more to try.
process.on('disconnect', () => process.exit());
