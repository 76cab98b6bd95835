import { setTimeout as sleep } from 'node:timers/promises';

/** Only names what does not come: a test that cares how long it takes measures that itself. */
const WITHIN_MS = 10_000;

/** Waits until something is there, and returns it; fails after a while. */
export async function until<Value>(
  look: () => Value | undefined | null | false,
  waitMs = WITHIN_MS,
): Promise<Value> {
  const end = Date.now() + waitMs;
  for (;;) {
    const value = look();
    if (value !== undefined && value !== null && value !== false) return value;
    if (Date.now() > end) throw new Error(`not so after ${waitMs} ms: ${look}`);
    await sleep(5);
  }
}

/** Long enough for a message that must not come. */
export const quietly = (ms = 80): Promise<void> => sleep(ms);
