import { Socket } from 'node:net';
import { connect, type IClientOptions, type IClientPublishOptions, type MqttClient } from 'mqtt';
import { TransientSet } from '../../../domain/collections/transient-set.ts';
import { BrokerError, disconnection, toBrokerError, withCode } from './broker-error.ts';
import { expiringTopic } from './expiring-topic.ts';
import { type MessageProperties, toPacketProperties } from './message-properties.ts';
import { PacketStore } from './packet-store.ts';
import { Receiver, type ReceiverOptions } from './receiver.ts';
import { SilenceWatch } from './silence-watch.ts';

export type QoS = 0 | 1 | 2;

export interface Subscription {
  topic: string;
  qos: QoS;
  /** A broker that refuses it is none the worse for that. */
  optional?: true;
}

export interface OutgoingMessage extends MessageProperties {
  topic: string;
  payload: Buffer | string;
  qos: QoS;
  retain: boolean;
}

export interface IncomingMessage extends MessageProperties {
  topic: string;
  payload: Buffer;
  qos: QoS;
  retain: boolean;
  /** The name of the broker that delivered it. */
  broker: string;
}

export interface LinkOptions extends ReceiverOptions {
  expiresByTopic: boolean;
  client: IClientOptions;
  timeoutMs: number;
  keepAliveMs: number;
  /** Asked when the broker has accepted us; what is added later goes through `subscribe`. */
  subscriptions(): readonly Subscription[];
}

const CLOSE_WITHIN_MS = 2_000;
/** Also where a broker would take more: what waits in the queue can still be overtaken by something newer. */
const LARGEST_WINDOW = 64;
/** MQTT 3.1.1 cannot say how many it takes; mosquitto takes 20, acknowledges the rest, and drops it without a word. */
const SILENT_WINDOW = 20;

/** One MQTT connection, from CONNECT to its end. It is never opened twice. */
export class BrokerLink {
  /** Resolves, never rejects, with the reason of the end. */
  readonly closed: Promise<BrokerError>;
  readonly #options: LinkOptions;
  readonly #waiting = new TransientSet<(error: BrokerError) => void>();
  readonly #resolveClosed: (error: BrokerError) => void;
  readonly #silence: SilenceWatch;
  #client: MqttClient | null = null;
  #receiver: Receiver | null = null;
  #sendWindow = SILENT_WINDOW;
  #isAccepted = false;
  #isOver = false;

  constructor(options: LinkOptions) {
    const { promise, resolve } = Promise.withResolvers<BrokerError>();
    this.closed = promise;
    this.#resolveClosed = resolve;
    this.#options = options;
    this.#silence = new SilenceWatch({
      keepAliveMs: options.keepAliveMs,
      ping: () => this.#client?.sendPing(),
      onSilent: () => this.#end(withCode('timeout', null)),
    });
  }

  /** How many messages may be under way: a broker refuses what exceeds its Receive Maximum [MQTT5 3.2.2.3.3]. */
  get sendWindow(): number {
    return this.#sendWindow;
  }

  /** When the last message came, by the clock of `performance.now`; null before the link was opened. */
  get lastMessageAt(): number | null {
    return this.#receiver?.lastMessageAt ?? null;
  }

  /** false: the broker closed or refused before CONNACK, as those do that do not know our version of MQTT. */
  get isAccepted(): boolean {
    return this.#isAccepted;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Resolves once everything is subscribed. */
  async open(signal: AbortSignal): Promise<void> {
    const abort = (): void => this.#end(withCode('closed', 'stopped'));
    signal.addEventListener('abort', abort, { once: true });
    const timer = setTimeout(() => this.#end(withCode('timeout', null)), this.#options.timeoutMs);
    try {
      await this.#tracked<void>((done, fail) => this.#connect(done, fail));
    } catch (error) {
      const reason = toBrokerError(error);
      this.#end(reason);
      throw reason;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    }
  }

  publish(message: OutgoingMessage): Promise<void> {
    const { topic, payload, qos, retain, expiry } = message;
    if (!isSendable(topic, expiry)) {
      return Promise.reject(new BrokerError('protocol', 'not a topic or an expiry that can be published'));
    }
    const properties = toPacketProperties(message);
    const options: IClientPublishOptions = {
      qos,
      retain,
      ...(properties === undefined ? {} : { properties }),
    };
    const { expiresByTopic } = this.#options;
    const sent = expiry !== undefined && expiresByTopic ? expiringTopic({ topic, seconds: expiry }) : topic;
    return this.#tracked((done, fail) => {
      this.#client?.publish(sent, payload, options, (error) => (error ? fail(refusal(error)) : done()));
    });
  }

  async subscribe(topics: readonly Subscription[]): Promise<void> {
    // Before CONNACK there is nothing to do: `subscriptions()` is asked then.
    if (!this.#isAccepted || topics.length === 0) return;
    const map = Object.fromEntries(topics.map(({ topic, qos }) => [topic, { qos }]));
    await this.#tracked<void>((done, fail) => {
      this.#client?.subscribe(map, (error) => (error ? fail(refusal(error)) : done()));
    });
  }

  async unsubscribe(topics: readonly string[]): Promise<void> {
    if (!this.#isAccepted || topics.length === 0) return;
    await this.#tracked<void>((done, fail) => {
      this.#client?.unsubscribe([...topics], (error) => (error ? fail(refusal(error)) : done()));
    });
  }

  /** Waits for open acknowledgements and says DISCONNECT, so that no will is published; after 2 s it just ends. */
  async close(): Promise<void> {
    const client = this.#client;
    if (client === null || this.#isOver) return;
    const timer = setTimeout(() => this.#end(withCode('timeout', null)), CLOSE_WITHIN_MS);
    client.end(false, {}, () => this.#end(withCode('closed', 'stopped')));
    await this.closed;
    clearTimeout(timer);
  }

  #connect(done: () => void, fail: (error: BrokerError) => void): void {
    const stores = { outgoingStore: new PacketStore(), incomingStore: new PacketStore() };
    const client = connect({ ...this.#options.client, ...stores });
    this.#client = client;
    this.#receiver = new Receiver(client, this.#options);
    client.on('packetreceive', () => this.#silence.heard());
    client.on('error', (error) => this.#end(toBrokerError(error)));
    client.on('disconnect', ({ reasonCode }) => this.#end(disconnection(reasonCode ?? 0)));
    client.on('close', () => this.#end(withCode('closed', null)));
    client.on('connect', (connack) => {
      if (client.stream instanceof Socket) sendByTurns(client.stream);
      this.#isAccepted = true;
      this.#silence.start();
      if (this.#options.client.protocolVersion === 5) {
        this.#sendWindow = Math.min(LARGEST_WINDOW, connack.properties?.receiveMaximum ?? LARGEST_WINDOW);
      }
      this.#receiver?.accepted(connack.sessionPresent);
      this.#subscribeFirst().then(done, fail);
    });
  }

  async #subscribeFirst(): Promise<void> {
    const topics = this.#options.subscriptions();
    await this.subscribe(topics.filter(({ optional }) => optional !== true));
    for (const topic of topics) {
      if (topic.optional === true) this.subscribe([topic]).catch(() => undefined);
    }
  }

  /** mqtt.js leaves callbacks of a persistent session unanswered when the connection is lost: they are failed here. */
  #tracked<T>(start: (done: (value: T) => void, fail: (error: BrokerError) => void) => void): Promise<T> {
    if (this.#isOver) return Promise.reject(withCode('closed', null));
    return new Promise((resolve, reject) => {
      const fail = (error: BrokerError): void => {
        this.#waiting.delete(fail);
        reject(error);
      };
      this.#waiting.add(fail);
      start((value) => {
        this.#waiting.delete(fail);
        resolve(value);
      }, fail);
    });
  }

  #end(reason: BrokerError): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#silence.stop();
    this.#receiver?.end();
    for (const fail of this.#waiting) fail(reason);
    // `end` would wait for acknowledgements if a graceful end has begun: the stream itself is final.
    this.#client?.end(true);
    this.#client?.stream.destroy();
    this.#resolveClosed(reason);
  }
}

/**
 * Else a command would wait until the broker has acknowledged what was sent before it [RFC 896]. What one portion of readings
 * leads to, an acknowledgement for each, leaves at the end of its turn, in one system call instead of one for each.
 */
function sendByTurns(socket: Socket): void {
  socket.setNoDelay(true);
  socket.prependListener('data', () => {
    if (socket.writableCorked > 0) return;
    socket.cork();
    setImmediate(() => socket.uncork());
  });
}

/**
 * Tells a no of the broker (a reason code, or a SUBACK with a failure), after which the connection stays, from
 * the error mqtt.js gives to whoever still waits when the connection ends.
 */
function refusal(error: Error): BrokerError {
  const code = 'code' in error && typeof error.code === 'number' ? error.code : null;
  const isAnswer = code !== null || ('packet' in error && error.packet !== undefined);
  if (!isAnswer && !error.message.startsWith('Invalid topic')) return withCode('closed', null);
  const detail = code === null ? '' : ` (reason code ${code})`;
  return new BrokerError('refused', `the broker refuses this topic or message${detail}`);
}

/** Brokers close the connection of whoever sends such a thing, and with that every sensor would get the will. */
function isSendable(topic: string, expiry: number | undefined): boolean {
  if (topic === '' || /[+#\0]/.test(topic) || Buffer.byteLength(topic) > 65_535) return false;
  return expiry === undefined || (Number.isInteger(expiry) && expiry >= 0 && expiry <= 0xffff_ffff);
}
