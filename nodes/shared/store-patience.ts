import { setTimeout as sleep } from 'node:timers/promises';
import { type ErrorCode, RipeError } from '../../src/domain/errors.ts';
import type { NodeContext } from './define-node.ts';

const AGAIN_MS = 1_000;
/** A full disk, one that hangs, a PostgreSQL that is away: all of them pass. */
const PASSING: ReadonlySet<ErrorCode> = new Set(['RIPE_STORE_FAILED', 'RIPE_STORE_STALLED']);

/** Does what a start needs of the store, again and again while that does not answer, until the node is closed. */
export async function onceStoreAnswers<Result>(
  { closing, log, status }: Pick<NodeContext<unknown>, 'closing' | 'log' | 'status'>,
  work: () => Promise<Result>,
): Promise<Result> {
  for (let isTold = false; ; isTold = true) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof RipeError) || !PASSING.has(error.code) || closing.aborted) throw error;
      if (!isTold) log.warn(`${error.message}; trying again until it starts`);
      status('warning', 'waiting');
      // Closed meanwhile: the next failure is thrown.
      await sleep(AGAIN_MS, undefined, { signal: closing }).catch(() => undefined);
    }
  }
}
