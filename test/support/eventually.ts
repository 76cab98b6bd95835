import { setTimeout as pause } from 'node:timers/promises';

const WITHIN_MS = 10_000;
/** At first; each try is a process of curl as often as not, so what takes long is asked for less often. */
const EVERY_MS = 20;
const SELDOM_MS = 200;
/** Of the time that has been waited for. */
const PART = 0.1;

/** Tries until nothing is thrown; after `withinMs` the last error is the test's. */
export async function eventually<Value>(
  attempt: () => Promise<Value> | Value,
  withinMs = WITHIN_MS,
): Promise<Value> {
  const begun = Date.now();
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > begun + withinMs) throw error;
    }
    await pause(Math.min(SELDOM_MS, Math.max(EVERY_MS, (Date.now() - begun) * PART)));
  }
}
