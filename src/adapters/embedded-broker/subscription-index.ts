import { hasWildcard, matchesFilter } from './topic-filter.ts';

export interface StoredSubscription {
  clientId: string;
  topic: string;
  qos: number;
}

type Subscribers = Map<string, StoredSubscription>;

/** Who of the kept sessions wants a topic. Sensors and apps have no wildcards, so this is one look-up for nearly all. */
export class SubscriptionIndex {
  readonly #exact = new Map<string, Subscribers>();
  readonly #wildcards = new Map<string, Subscribers>();

  add(subscription: StoredSubscription): void {
    const { clientId, topic } = subscription;
    const part = this.#part(topic);
    const subscribers = part.get(topic) ?? new Map<string, StoredSubscription>();
    part.set(topic, subscribers.set(clientId, subscription));
  }

  delete(clientId: string, topic: string): void {
    const part = this.#part(topic);
    const subscribers = part.get(topic);
    if (subscribers?.delete(clientId) && subscribers.size === 0) part.delete(topic);
  }

  /** Who wants exactly this topic, in the order in which they came. */
  clientsOf(topic: string): string[] {
    return [...(this.#part(topic).get(topic)?.keys() ?? [])];
  }

  match(topic: string): StoredSubscription[] {
    const found = Array.from(this.#exact.get(topic)?.values() ?? []);
    for (const [filter, subscribers] of this.#wildcards) {
      if (matchesFilter(filter, topic)) found.push(...subscribers.values());
    }
    return found;
  }

  #part(topic: string): Map<string, Subscribers> {
    return hasWildcard(topic) ? this.#wildcards : this.#exact;
  }
}
