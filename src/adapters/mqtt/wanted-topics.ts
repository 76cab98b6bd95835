import type { Subscription } from './link/broker-link.ts';

/** What the pool is to be subscribed to, at whatever broker it is. */
export class WantedTopics {
  readonly #wanted = new Map<string, Subscription>();

  add(topics: readonly Subscription[]): void {
    for (const subscription of topics) this.#wanted.set(subscription.topic, subscription);
  }

  delete(topics: readonly string[]): void {
    for (const topic of topics) this.#wanted.delete(topic);
  }

  list(): Subscription[] {
    return [...this.#wanted.values()];
  }
}
