import { setTimeout as sleep } from 'node:timers/promises';
import { refuseLate } from './late-refusal.ts';
import { TokenBucket } from './token-bucket.ts';

/** So many calls of a sensor are served at once. */
const AT_ONCE = 20;
const LONGEST_WAIT_MS = 10_000;

/**
 * Paces the calls of each sensor: the app asks for a year day by day, and is to get it, but not at the cost of others. What
 * comes too fast waits for its turn; what would wait for too long is refused.
 */
export class SensorPace {
  readonly #perMinute: number;
  /** Only of callers who have a key, so there are no more than sensors. */
  readonly #buckets = new Map<number, TokenBucket>();

  constructor(perMinute: number) {
    this.#perMinute = perMinute;
  }

  /** Undefined: it may go on at once. */
  pass(sensor: number): Promise<void> | undefined {
    if (this.#perMinute === 0) return undefined;
    const now = performance.now();
    const bucket = this.#buckets.get(sensor) ?? new TokenBucket(this.#perMinute / 60, AT_ONCE);
    this.#buckets.set(sensor, bucket);
    const waitMs = bucket.waitMs(now);
    if (waitMs > LONGEST_WAIT_MS) return refuseLate(waitMs);
    bucket.take(1, now);
    return waitMs > 0 ? sleep(waitMs, undefined, { ref: false }) : undefined;
  }
}
