const NONE: ReadonlySet<string> = new Set();

export interface ListenerBounds {
  /** Of one client; 0: no limit. */
  readonly subscriptions: number;
  /** Of one topic of a sensor. */
  readonly listeners: number;
}

/** Who was granted which topics, within bounds: one message must not become thousands. */
export class Listeners {
  readonly #bounds: ListenerBounds;
  readonly #granted = new WeakMap<object, Set<string>>();
  readonly #counts = new Map<string, number>();

  constructor(bounds: ListenerBounds) {
    this.#bounds = bounds;
  }

  /** Answers why the topic is one too many, or null. */
  add(client: object, topic: string, isShared: boolean): string | null {
    const topics = this.#granted.get(client) ?? new Set();
    if (topics.has(topic)) return null;
    const { subscriptions, listeners } = this.#bounds;
    const count = this.#counts.get(topic) ?? 0;
    if (subscriptions > 0 && topics.size >= subscriptions) return 'it has too many subscriptions';
    if (!isShared && listeners > 0 && count >= listeners) return 'the topic has too many listeners';
    this.#granted.set(client, topics.add(topic));
    this.#counts.set(topic, count + 1);
    return null;
  }

  has(client: object, topic: string): boolean {
    return (this.#granted.get(client) ?? NONE).has(topic);
  }

  delete(client: object, topic: string): void {
    if (this.#granted.get(client)?.delete(topic) !== true) return;
    const left = (this.#counts.get(topic) ?? 1) - 1;
    if (left > 0) this.#counts.set(topic, left);
    else this.#counts.delete(topic);
  }

  /** The client has gone. */
  forget(client: object): void {
    for (const topic of [...(this.#granted.get(client) ?? NONE)]) this.delete(client, topic);
  }
}
