import type { QoS, Subscription } from '../../src/adapters/mqtt/link/broker-link.ts';

/**
 * What each pool was last subscribed to, by client id. Node-RED makes a node anew at each deploy, and with it, unless
 * told otherwise, its context; a broker keeps the session.
 */
const keptSessions = new Map<string, readonly string[]>();

/** The topics of the dialog's list, and those that messages have added since: what is a person's, not the garden's. */
export class OwnTopics {
  readonly #clientId: string;
  readonly #qos = new Map<string, QoS>();
  readonly #former: Set<string>;

  constructor(clientId: string, topics: readonly Subscription[]) {
    this.#clientId = clientId;
    this.#former = new Set(keptSessions.get(clientId));
    this.add(topics);
  }

  get list(): Subscription[] {
    return Array.from(this.#qos, ([topic, qos]) => ({ topic, qos }));
  }

  get names(): string[] {
    return [...this.#qos.keys()];
  }

  /** What is not wanted any more, but still sent by a broker that keeps a session of before. */
  get leftOver(): string[] {
    return [...this.#former].filter((topic) => !this.#qos.has(topic));
  }

  add(topics: readonly Subscription[]): void {
    for (const { topic, qos } of topics) this.#qos.set(topic, qos);
    keptSessions.set(this.#clientId, this.names);
  }

  remove(topics: readonly string[]): void {
    for (const topic of topics) {
      this.#qos.delete(topic);
      this.#former.add(topic);
    }
    keptSessions.set(this.#clientId, this.names);
  }
}
