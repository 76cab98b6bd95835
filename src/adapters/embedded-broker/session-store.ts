import { parseSensorTopic } from '../../domain/broker/topics.ts';
import type { Clock } from '../../domain/time/clock.ts';
import { scopeOf } from './client-ids.ts';
import { type StoredSubscription, SubscriptionIndex } from './subscription-index.ts';

/** By the broker's clock, in ms: from then on nobody gets it any more. */
export interface Expiring {
  messageExpiry?: number;
}

/** What aedes queues: a publish, or the pubrel it has become. */
export interface QueuedPacket extends Expiring {
  cmd: string;
  messageId?: number | undefined;
  brokerId?: string;
  brokerCounter?: number;
  payload?: Buffer | string;
}

interface Session {
  login: string;
  subscriptions: Map<string, StoredSubscription>;
  queue: QueuedPacket[];
  /** QoS 2 messages from the client that it has not released yet. */
  unreleased: Set<number>;
}

export interface SessionLimits {
  /** How long a session outlives its connection. */
  expiryMs: number;
  /** Sessions without a connection that are kept; the oldest goes first. */
  offline: number;
  /** Messages kept for one session; further ones are not queued. */
  queued: number;
  /** … and of so many bytes in all. */
  queuedBytes: number;
  /** Sessions that are kept for one topic of a sensor: a message is queued in each of them. 0: no limit. */
  listeners: number;
}

export const SESSION_LIMITS: SessionLimits = {
  expiryMs: 3_600_000,
  offline: 1_000,
  queued: 1_000,
  queuedBytes: 1_048_576,
  listeners: 32,
};

/**
 * The sessions of clients that connect without `clean session`. The app does, with a new random id each time
 * (protocol §10.1), so sessions have to end by themselves.
 */
export class SessionStore {
  readonly #clock: Clock;
  readonly #limits: SessionLimits;
  readonly #sessions = new Map<string, Session>();
  /** Session without a connection -> when it expires. All live equally long, so the first one is the next to go. */
  readonly #offline = new Map<string, number>();
  readonly #index = new SubscriptionIndex();

  constructor(clock: Clock, limits: SessionLimits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** Another login gets a new session: with the old one it would be sent the topics of somebody else, keys included. */
  open(id: string, login: string): void {
    const known = this.#sessions.get(id);
    if (known?.login === login) return;
    this.drop(id);
    this.#sessions.set(id, { login, subscriptions: new Map(), queue: [], unreleased: new Set() });
    this.offline(id);
  }

  online(id: string): void {
    this.#offline.delete(id);
  }

  offline(id: string): void {
    if (!this.#sessions.has(id)) return;
    this.#offline.delete(id);
    this.#offline.set(id, this.#clock.now() + this.#limits.expiryMs);
    if (this.#offline.size > this.#limits.offline) this.drop(this.#oldestOfMost() ?? id);
  }

  /** The oldest one of whoever has most: nobody's sessions are lost because somebody else leaves ever more. */
  #oldestOfMost(): string | undefined {
    const oldest = new Map<string, { id: string; count: number }>();
    for (const id of this.#offline.keys()) {
      const scope = scopeOf(id);
      const known = oldest.get(scope) ?? { id, count: 0 };
      known.count += 1;
      oldest.set(scope, known);
    }
    const most = Math.max(...[...oldest.values()].map(({ count }) => count));
    return [...oldest.values()].find(({ count }) => count === most)?.id;
  }

  expire(): void {
    const now = this.#clock.now();
    for (const [id, at] of this.#offline) {
      if (at > now) return;
      this.drop(id);
    }
  }

  drop(id: string): void {
    const session = this.#sessions.get(id);
    if (session === undefined) return;
    for (const topic of session.subscriptions.keys()) this.#index.delete(id, topic);
    this.#sessions.delete(id);
    this.#offline.delete(id);
  }

  subscribe(subscription: StoredSubscription): void {
    const { clientId, topic, qos } = subscription;
    const session = this.#sessions.get(clientId);
    if (session === undefined) return;
    session.subscriptions.set(topic, subscription);
    // Messages are never queued for QoS 0.
    if (qos === 0) this.#index.delete(clientId, topic);
    else {
      this.#index.add(subscription);
      if (parseSensorTopic(topic) !== null) this.#makeRoom(topic);
    }
  }

  /** Of too many the oldest that has no connection loses the topic. */
  #makeRoom(topic: string): void {
    const { listeners } = this.#limits;
    const clients = this.#index.clientsOf(topic);
    if (listeners === 0 || clients.length <= listeners) return;
    const oldest = clients.find((id) => this.#offline.has(id));
    if (oldest !== undefined) this.unsubscribe(oldest, topic);
  }

  unsubscribe(id: string, topic: string): void {
    this.#index.delete(id, topic);
    this.#sessions.get(id)?.subscriptions.delete(topic);
  }

  subscriptionsOf(id: string): StoredSubscription[] {
    return Array.from(this.#sessions.get(id)?.subscriptions.values() ?? []);
  }

  subscribers(topic: string): StoredSubscription[] {
    return this.#index.match(topic);
  }

  enqueue(id: string, packet: QueuedPacket): void {
    const queue = this.#sessions.get(id)?.queue;
    const { queued, queuedBytes } = this.#limits;
    if (queue === undefined || queue.length >= queued) return;
    const bytes = queue.reduce((sum, each) => sum + sizeOf(each), sizeOf(packet));
    if (queuedBytes === 0 || bytes <= queuedBytes) queue.push(packet);
  }

  queueOf(id: string): QueuedPacket[] {
    return this.#sessions.get(id)?.queue ?? [];
  }

  unreleasedOf(id: string): Set<number> | null {
    return this.#sessions.get(id)?.unreleased ?? null;
  }
}

const sizeOf = ({ payload }: QueuedPacket): number => payload?.length ?? 0;
