import { setTimeout as pause } from 'node:timers/promises';

const WITHIN_MS = 10_000;
const EVERY_MS = 20;

/** Tries until nothing is thrown; after `withinMs` the last error is the test's. */
export async function eventually<Value>(
  attempt: () => Promise<Value> | Value,
  withinMs = WITHIN_MS,
): Promise<Value> {
  const until = Date.now() + withinMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > until) throw error;
    }
    await pause(EVERY_MS);
  }
}
