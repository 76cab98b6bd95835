import type { IPublishPacket, MqttClient } from 'mqtt';
import type { IncomingMessage } from './broker-link.ts';
import { fromPacketProperties } from './message-properties.ts';

export interface ReceiverOptions {
  /** The name of the broker. */
  broker: string;
  /** Packet ids of QoS 2 messages that were received and are not released yet: they outlive a link, as the session does. */
  unreleased: Set<number>;
  /** A promise, which must not reject: until it resolves, a message of QoS 1 is not acknowledged. */
  onMessage(message: IncomingMessage): unknown;
}

/** Passes on what one connection brings, and acknowledges it. */
export class Receiver {
  readonly #options: ReceiverOptions;
  readonly #client: MqttClient;
  /** The acknowledgements under way: MQTT wants them in the order of the messages [MQTT5 4.6]. */
  #acknowledged: Promise<void> = Promise.resolve();
  #lastMessageAt = performance.now();
  #isOver = false;

  constructor(client: MqttClient, options: ReceiverOptions) {
    this.#client = client;
    this.#options = options;
    this.#listen();
  }

  /** When the last message came, by the clock of `performance.now`; before the first, when the connection was begun. */
  get lastMessageAt(): number {
    return this.#lastMessageAt;
  }

  /** A broker that keeps no session for us gives the same ids to other messages. */
  accepted(isSessionPresent: boolean): void {
    if (!isSessionPresent) this.#options.unreleased.clear();
  }

  end(): void {
    this.#isOver = true;
  }

  /** Also before the subscriptions are there: a persistent session delivers at once. */
  #listen(): void {
    let taken: unknown;
    this.#client.on('message', (_topic, _payload, packet) => {
      taken = packet.qos === 2 ? undefined : this.#pass(packet);
    });
    this.#client.on('packetreceive', (packet) => {
      if (packet.cmd === 'publish' && packet.qos === 2) this.#receiveOnce(packet);
      if (packet.cmd === 'pubrel') this.#options.unreleased.delete(packet.messageId ?? 0);
    });
    // Called right after the event; an error keeps mqtt.js from acknowledging, and everything else goes on.
    this.#client.handleMessage = ({ qos, messageId }, done) => {
      if (!(taken instanceof Promise) || qos !== 1 || messageId === undefined) return done();
      this.#acknowledgeAfter(taken, messageId);
      done(new Error('acknowledged later'));
    };
  }

  /**
   * Passes a QoS 2 message on when it comes, not when the broker releases it, as mqtt.js does: a broker that dies in
   * between would take along what we already have [MQTT5 4.3.3, the receiver's second method].
   */
  #receiveOnce(packet: IPublishPacket): void {
    const { unreleased } = this.#options;
    const id = packet.messageId ?? 0;
    if (packet.dup && unreleased.has(id)) return;
    unreleased.add(id);
    this.#pass(packet);
  }

  #pass({ topic, payload, qos, retain, properties }: IPublishPacket): unknown {
    const { broker, onMessage } = this.#options;
    this.#lastMessageAt = performance.now();
    // A copy: the parser's is a piece of everything that the socket has brought at once.
    const message: IncomingMessage = { topic, payload: Buffer.from(payload), qos, retain, broker };
    if (properties !== undefined) Object.assign(message, fromPacketProperties(properties));
    return onMessage(message);
  }

  #acknowledgeAfter(taken: Promise<unknown>, messageId: number): void {
    this.#acknowledged = Promise.all([this.#acknowledged, taken]).then(() => {
      if (!this.#isOver) this.#client.stream.write(puback(messageId));
    });
  }
}

/** The four bytes of a PUBACK with reason code 0, the same in 3.1.1 and 5 [MQTT5 3.4.2.1]. */
function puback(messageId: number): Buffer {
  return Buffer.from([0x40, 2, messageId >> 8, messageId & 0xff]);
}
