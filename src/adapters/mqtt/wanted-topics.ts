import type { QoS, Subscription } from './broker-link.ts';

/** What the pool is to be subscribed to, at whatever broker it is. */
export class WantedTopics {
  readonly #wanted = new Map<string, QoS>();

  add(topics: readonly Subscription[]): void {
    for (const { topic, qos } of topics) this.#wanted.set(topic, qos);
  }

  delete(topics: readonly string[]): void {
    for (const topic of topics) this.#wanted.delete(topic);
  }

  list(): Subscription[] {
    return Array.from(this.#wanted, ([topic, qos]) => ({ topic, qos }));
  }
}
