import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, connectAsync, type IClientOptions, MqttClient } from 'mqtt';
import type { ClientEvent } from '../../../../src/adapters/embedded-broker/client-book.ts';
import {
  createEmbeddedBroker,
  type EmbeddedBroker,
  type EmbeddedBrokerOptions,
} from '../../../../src/adapters/embedded-broker/embedded-broker.ts';

// No tests here: what the tests of the embedded broker share.

/** Of a sensor or app: any will do. */
export const LOGIN = { username: 'any', password: 'thing' };

export interface Received {
  topic: string;
  text: string;
  qos: number;
  retain: boolean;
}

export interface Site {
  readonly broker: EmbeddedBroker;
  readonly port: number;
  readonly events: ClientEvent[];
  readonly lines: string[];
  /** A sensor's or app's client, ended after the test. */
  client(options?: IClientOptions): Promise<MqttClient>;
  /** One at another address of this machine, e.g. 127.0.0.2. */
  clientFrom(address: string, options?: IClientOptions): Promise<MqttClient>;
  /** RIPE's own client. */
  ripe(options?: IClientOptions): Promise<MqttClient>;
  socket(): Promise<Socket>;
}

/** A broker for each test of the calling `describe`; sensor n has the key `KEYn`. */
export function useEmbeddedBroker(options: Partial<EmbeddedBrokerOptions> = {}): Site {
  const site = new TestSite(options);
  beforeEach('start the embedded broker', () => site.start());
  afterEach('stop the embedded broker', () => site.stop());
  return site;
}

class TestSite implements Site {
  readonly broker: EmbeddedBroker;
  readonly events: ClientEvent[] = [];
  readonly lines: string[] = [];
  port = 0;
  #clients: MqttClient[] = [];
  #sockets: Socket[] = [];

  constructor(options: Partial<EmbeddedBrokerOptions>) {
    this.broker = createEmbeddedBroker({
      host: '127.0.0.1',
      port: 0,
      keys: { check: (sensor, key) => key === `KEY${sensor}` },
      onClient: (event) => this.events.push(event),
      log: (line) => this.lines.push(line),
      ...options,
    });
  }

  async start(): Promise<void> {
    this.events.length = 0;
    this.lines.length = 0;
    this.port = (await this.broker.start()).port;
  }

  async stop(): Promise<void> {
    for (const client of this.#clients) client.end(true);
    for (const socket of this.#sockets) socket.destroy();
    this.#clients = [];
    this.#sockets = [];
    await this.broker.stop();
  }

  async client(options: IClientOptions = {}): Promise<MqttClient> {
    const client = await connectAsync({
      protocol: 'mqtt',
      host: '127.0.0.1',
      port: this.port,
      reconnectPeriod: 0,
      ...LOGIN,
      ...options,
    });
    client.on('error', () => undefined);
    this.#clients.push(client);
    return client;
  }

  async clientFrom(localAddress: string, options: IClientOptions = {}): Promise<MqttClient> {
    const { port } = this;
    const client = new MqttClient(() => createConnection({ host: '127.0.0.1', port, localAddress }), {
      reconnectPeriod: 0,
      ...LOGIN,
      ...options,
    });
    client.on('error', () => undefined);
    this.#clients.push(client);
    await new Promise((resolve, reject) => client.once('connect', resolve).once('error', reject));
    return client;
  }

  ripe(options: IClientOptions = {}): Promise<MqttClient> {
    return this.client({ ...this.broker.credentials, ...options });
  }

  async socket(): Promise<Socket> {
    const socket = createConnection({ port: this.port, host: '127.0.0.1' });
    socket.on('error', () => undefined);
    this.#sockets.push(socket);
    await once(socket, 'connect');
    return socket;
  }
}

/** The messages a client gets from now on. */
export function collect(client: MqttClient): Received[] {
  const received: Received[] = [];
  client.on('message', (topic, payload, { qos, retain }) => {
    received.push({ topic, text: payload.toString(), qos, retain });
  });
  return received;
}

export { until } from '../../../support/until.ts';

/** Long enough for a message that must not come. */
export const quietly = (): Promise<void> => sleep(60);

/** The CONNACK return code of a login that should fail; 0 when it succeeds. */
export async function loginCode(port: number, options: IClientOptions): Promise<number> {
  const client = connect({ protocol: 'mqtt', host: '127.0.0.1', port, reconnectPeriod: 0, ...options });
  try {
    return await new Promise((resolve) => {
      client.once('connect', () => resolve(0));
      client.once('error', (error) => resolve('code' in error ? Number(error.code) : -1));
    });
  } finally {
    client.end(true);
  }
}
