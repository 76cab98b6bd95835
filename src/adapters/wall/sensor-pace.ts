import { setTimeout as sleep } from 'node:timers/promises';
import { refuseLate } from './late-refusal.ts';
import { TokenBucket } from './token-bucket.ts';

/** So many calls of a sensor are served at once. */
const AT_ONCE = 20;
const LONGEST_WAIT_MS = 10_000;
const MOST_SENSORS = 10_000;

/**
 * Paces the calls of each sensor: the app asks for a year day by day, and is to get it, but not at the cost of others. What
 * comes too fast waits for its turn; what would wait for too long is refused.
 */
export class SensorPace {
  readonly #perMinute: number;
  readonly #most: number;
  /** In the order of their last calls: that of the sensor which has not called for longest gives way. */
  readonly #buckets = new Map<number, TokenBucket>();

  /** `most`: of how many sensors the calls are remembered. Sensors come and go: there is no end to their ids. */
  constructor(perMinute: number, most = MOST_SENSORS) {
    this.#perMinute = perMinute;
    this.#most = most;
  }

  /** Undefined: it may go on at once. */
  pass(sensor: number): Promise<void> | undefined {
    if (this.#perMinute === 0) return undefined;
    const now = performance.now();
    const bucket = this.#bucketOf(sensor);
    const waitMs = bucket.waitMs(now);
    if (waitMs > LONGEST_WAIT_MS) return refuseLate(waitMs);
    bucket.take(1, now);
    return waitMs > 0 ? sleep(waitMs, undefined, { ref: false }) : undefined;
  }

  #bucketOf(sensor: number): TokenBucket {
    const bucket = this.#buckets.get(sensor) ?? new TokenBucket(this.#perMinute / 60, AT_ONCE);
    this.#buckets.delete(sensor);
    this.#buckets.set(sensor, bucket);
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > this.#most && oldest !== undefined) this.#buckets.delete(oldest);
    return bucket;
  }
}
