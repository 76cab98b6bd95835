import { setTimeout as sleep } from 'node:timers/promises';
import { RipeError } from '../../domain/errors.ts';

const AFTER_MS = 100;

/**
 * Refuses a call that is one too many, but not at once: who asks again as soon as he is refused would else keep this process
 * as busy as if he were served. How many can wait so is bounded by the number of connections.
 */
export async function refuseLate(waitMs: number): Promise<never> {
  await sleep(AFTER_MS, undefined, { ref: false });
  throw new RipeError('RIPE_RATE_LIMITED', { seconds: Math.ceil(waitMs / 1_000) });
}
