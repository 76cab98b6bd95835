import { Readable } from 'node:stream';
import type { Clock } from '../../domain/time/clock.ts';
import type { QueuedPacket, SessionStore } from './session-store.ts';
import type { StoredSubscription } from './subscription-index.ts';
import { hasWildcard, matchesFilter } from './topic-filter.ts';

interface ClientRef {
  id: string;
  clean?: boolean;
  closed?: boolean;
}

interface Topic {
  topic: string;
}

type RetainedPacket = QueuedPacket & Topic & { payload: Buffer | string };

/**
 * The memory of the broker, in the form aedes asks for it (its option `persistence`). Its own one keeps the
 * sessions of ids that never return, and scans all retained messages at each SUBSCRIBE; both grow with every
 * sensor and every start of the app.
 */
export class BrokerMemory {
  readonly #sessions: SessionStore;
  readonly #isAllowed: (client: ClientRef, topic: string) => boolean;
  readonly #clock: Clock;
  readonly #retained = new Map<string, RetainedPacket>();
  /** Client with a clean session -> its QoS 2 messages that it has not released yet. */
  readonly #unreleased = new Map<string, Set<number>>();

  constructor(options: {
    sessions: SessionStore;
    clock: Clock;
    isAllowed(client: ClientRef, topic: string): boolean;
  }) {
    this.#sessions = options.sessions;
    this.#clock = options.clock;
    this.#isAllowed = options.isAllowed;
  }

  /** Drops the retained messages that have expired. */
  expire(): void {
    for (const [topic, packet] of this.#retained) if (this.#isOver(packet)) this.#retained.delete(topic);
  }

  /** aedes insists on an async function here. */
  async setup(): Promise<void> {}

  async storeRetained(packet: RetainedPacket): Promise<void> {
    if (packet.payload.length === 0) this.#retained.delete(packet.topic);
    else this.#retained.set(packet.topic, { ...packet });
  }

  createRetainedStreamCombi(filters: readonly string[]): Readable {
    const retained = filters.flatMap((filter) => this.#retainedFor(filter));
    return Readable.from(retained.map((packet) => this.#asItIsThen(packet)));
  }

  /** aedes hands over the whole SUBSCRIBE, with the topics it has just refused. */
  async addSubscriptions(client: ClientRef, subscriptions: readonly StoredSubscription[]): Promise<void> {
    for (const { topic, qos } of subscriptions) {
      if (this.#isAllowed(client, topic)) this.#sessions.subscribe({ clientId: client.id, topic, qos });
    }
  }

  async removeSubscriptions(client: ClientRef, topics: readonly string[]): Promise<void> {
    for (const topic of topics) this.#sessions.unsubscribe(client.id, topic);
  }

  /** At a CONNECT with clean session: nothing of an earlier session may remain [MQTT3 3.1.2.4]. */
  async cleanSubscriptions(client: ClientRef): Promise<void> {
    this.#sessions.drop(client.id);
  }

  async subscriptionsByClient(client: ClientRef): Promise<StoredSubscription[]> {
    return this.#sessions.subscriptionsOf(client.id);
  }

  async subscriptionsByTopic(topic: string): Promise<StoredSubscription[]> {
    return this.#sessions.subscribers(topic);
  }

  async outgoingEnqueue(subscriber: { clientId: string }, packet: QueuedPacket): Promise<void> {
    this.#sessions.enqueue(subscriber.clientId, { ...packet, messageId: undefined });
  }

  async outgoingEnqueueCombi(
    subscribers: readonly { clientId: string }[],
    packet: QueuedPacket,
  ): Promise<void> {
    for (const { clientId } of subscribers) {
      this.#sessions.enqueue(clientId, { ...packet, messageId: undefined });
    }
  }

  /** A packet gets the message id it is sent with, or a sent one becomes the pubrel that answers its pubrec. */
  async outgoingUpdate(client: ClientRef, packet: QueuedPacket): Promise<void> {
    const queue = this.#sessions.queueOf(client.id);
    const same = queue.find((queued) => isSame(queued, packet));
    if (same !== undefined) {
      same.messageId = packet.messageId;
      return;
    }
    const index = queue.findIndex((queued) => queued.messageId === packet.messageId);
    if (index >= 0) queue[index] = packet;
    // A retained message is sent without being queued, so its pubrel has nothing to replace.
    else if (packet.cmd !== 'pubrel') throw new Error('the queue of this session is full');
  }

  async outgoingClearMessageId(client: ClientRef, packet: QueuedPacket): Promise<QueuedPacket | undefined> {
    const queue = this.#sessions.queueOf(client.id);
    const { messageId } = packet;
    const index = queue.findIndex((queued) =>
      messageId === undefined ? isSame(queued, packet) : queued.messageId === messageId,
    );
    return index < 0 ? undefined : queue.splice(index, 1)[0];
  }

  outgoingStream(client: ClientRef): Readable {
    const queue = this.#sessions.queueOf(client.id);
    // One that is under way already is a pubrel by now, or is sent again [MQTT3 4.4].
    const isOver = (packet: QueuedPacket) => packet.messageId === undefined && this.#isOver(packet);
    for (const packet of queue.filter(isOver)) queue.splice(queue.indexOf(packet), 1);
    return Readable.from([...queue]);
  }

  /** Only whether it is stored matters to aedes, not the packet. */
  async incomingStorePacket(client: ClientRef, packet: { messageId: number }): Promise<void> {
    if (client.closed === true) throw new Error('the client has gone');
    this.#unreleasedOf(client, true)?.add(packet.messageId);
  }

  async incomingGetPacket(client: ClientRef, packet: { messageId: number }): Promise<unknown> {
    if (!this.#unreleasedOf(client, false)?.has(packet.messageId)) throw NOT_STORED;
    return packet;
  }

  async incomingDelPacket(client: ClientRef, packet: { messageId: number }): Promise<void> {
    if (!this.#unreleasedOf(client, false)?.delete(packet.messageId)) throw NOT_STORED;
  }

  async cleanIncoming(client: ClientRef): Promise<void> {
    this.#unreleased.delete(client.id);
  }

  // Stored wills are for clusters, where another broker publishes them; here the connection itself holds its will.
  async putWill(): Promise<void> {}
  async getWill(): Promise<void> {}
  async delWill(): Promise<void> {}
  streamWill(): Readable {
    return Readable.from([]);
  }

  async destroy(): Promise<void> {
    this.#retained.clear();
  }

  #retainedFor(filter: string): RetainedPacket[] {
    if (hasWildcard(filter)) {
      const all = Array.from(this.#retained.values());
      return all.filter((packet) => matchesFilter(filter, packet.topic) && !this.#isOver(packet));
    }
    const packet = this.#retained.get(filter);
    return packet === undefined || this.#isOver(packet) ? [] : [packet];
  }

  /**
   * aedes sends a retained message after what was published since the SUBSCRIBE: read only then, it is never an older one.
   * Else a pump that has just gone off would be told last that it is on.
   */
  #asItIsThen(packet: RetainedPacket): RetainedPacket {
    const now = () => this.#retained.get(packet.topic)?.payload ?? NOTHING;
    return Object.defineProperty({ ...packet }, 'payload', { get: now });
  }

  #isOver({ messageExpiry }: QueuedPacket): boolean {
    return messageExpiry !== undefined && messageExpiry <= this.#clock.now();
  }

  #unreleasedOf(client: ClientRef, create: boolean): Set<number> | null {
    if (client.clean === false) return this.#sessions.unreleasedOf(client.id);
    const known = this.#unreleased.get(client.id);
    if (known !== undefined || !create) return known ?? null;
    const fresh = new Set<number>();
    this.#unreleased.set(client.id, fresh);
    return fresh;
  }
}

const NOTHING = Buffer.alloc(0);

/** Thrown for each new QoS 2 message, as aedes wants it: one error for all saves a stack trace each. */
const NOT_STORED = new Error('no such packet');

function isSame(queued: QueuedPacket, packet: QueuedPacket): boolean {
  return (
    queued.brokerCounter !== undefined &&
    queued.brokerCounter === packet.brokerCounter &&
    queued.brokerId === packet.brokerId
  );
}
