import type { OutgoingMessage, QoS } from '../link/broker-link.ts';
import type { MessageProperties } from '../link/message-properties.ts';
import { COMMANDS_AT_MOST } from './outgoing-queue.ts';
import { Parcel } from './parcel.ts';

/** A message, but for its topic. There is one for each sensor, so it is kept small. */
interface Copy {
  readonly payload: OutgoingMessage['payload'];
  /** The payload was bytes: a buffer of its own takes 200 bytes, for one byte per agent. */
  readonly isBytes: boolean;
  readonly qos: QoS;
  readonly properties: MessageProperties;
  /** By the clock of `performance.now`; null: it stays. */
  readonly expiresAt: number | null;
}

const NO_PROPERTIES: MessageProperties = {};
const SHORT = 64;

/** The last message of each topic that brokers retain, for a broker that comes back without them, or with old ones. */
export class RetainedCopies {
  readonly #byTopic = new Map<string, Copy>();

  keep({ message, expiresAt }: Parcel): void {
    const { topic, retain } = message;
    if (!retain) return;
    // The newest last, so that the oldest gives way.
    this.#byTopic.delete(topic);
    // Not the parcel itself: it holds on to whoever waits for it.
    this.#byTopic.set(topic, copyOf(message, expiresAt));
    if (this.#byTopic.size <= COMMANDS_AT_MOST) return;
    for (const oldest of this.#byTopic.keys()) {
      this.#byTopic.delete(oldest);
      return;
    }
  }

  /** What has expired is left out: no broker would have it any more. */
  *list(): Generator<Parcel> {
    for (const [topic, copy] of this.#byTopic) {
      const parcel = new Parcel(messageOf(topic, copy), false, copy.expiresAt);
      // Nobody waits for it.
      parcel.delivered.catch(() => undefined);
      if (!parcel.isExpired) yield parcel;
    }
  }
}

function copyOf(
  { topic: _topic, payload, qos, retain: _retain, ...properties }: OutgoingMessage,
  expiresAt: number | null,
): Copy {
  const isBytes = typeof payload !== 'string' && payload.length <= SHORT;
  return {
    payload: isBytes ? payload.toString('latin1') : payload,
    isBytes,
    qos,
    properties: Object.keys(properties).length === 0 ? NO_PROPERTIES : properties,
    expiresAt,
  };
}

function messageOf(topic: string, { payload, isBytes, qos, properties }: Copy): OutgoingMessage {
  const sent = isBytes ? Buffer.from(payload as string, 'latin1') : payload;
  return { topic, payload: sent, qos, retain: true, ...properties };
}
