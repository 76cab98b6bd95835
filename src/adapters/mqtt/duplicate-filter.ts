import { createHash } from 'node:crypto';
import { TransientSet } from '../../domain/collections/transient-set.ts';
import type { IncomingMessage } from './link/broker-link.ts';

/** Architecture §8: same sensor and payload over another broker within this time is the same message. */
const WITHIN_MS = 5_000;
const REMEMBERED_AT_MOST = 20_000;

interface Passed {
  readonly key: string;
  readonly at: number;
  /** The brokers that have delivered this one message. */
  readonly brokers: Set<string>;
}

/**
 * Lets each message pass once, by whichever broker it comes first. A message that comes twice over one broker was sent
 * twice; its copies over another broker are matched with both, one by one.
 */
export class DuplicateFilter {
  readonly #now: () => number;
  readonly #atMost: number;
  /** Oldest first. */
  readonly #passed = new TransientSet<Passed>();
  readonly #byKey = new Map<string, Set<Passed>>();

  constructor(now: () => number, atMost = REMEMBERED_AT_MOST) {
    this.#now = now;
    this.#atMost = atMost;
  }

  isDuplicate({ topic, payload, broker }: Pick<IncomingMessage, 'topic' | 'payload' | 'broker'>): boolean {
    const now = this.#now();
    this.#forget(now);
    const key = `${topic}\0${payload.length > 64 ? digest(payload) : payload.toString('base64')}`;
    const same = this.#byKey.get(key) ?? new Set();
    for (const { brokers } of same) {
      if (brokers.has(broker)) continue;
      brokers.add(broker);
      return true;
    }
    const passed = { key, at: now, brokers: new Set([broker]) };
    this.#byKey.set(key, same.add(passed));
    this.#passed.add(passed);
    return false;
  }

  #forget(now: number): void {
    for (const passed of this.#passed) {
      if (now - passed.at <= WITHIN_MS && this.#passed.size < this.#atMost) return;
      this.#passed.delete(passed);
      const same = this.#byKey.get(passed.key);
      same?.delete(passed);
      if (same?.size === 0) this.#byKey.delete(passed.key);
    }
  }
}

function digest(payload: Buffer): string {
  return createHash('sha1').update(payload).digest('base64');
}
