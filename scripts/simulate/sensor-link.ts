import { setTimeout as pause } from 'node:timers/promises';
import mqtt, { type MqttClient } from 'mqtt';
import { MASTER_TOPIC, type SensorChannel, sensorTopic } from '../../src/domain/broker/topics.ts';
import { brokerText, connectOptions, usableBrokers } from './brokers.ts';
import { EnvelopeClient } from './envelope-client.ts';
import { type Credentials, RefusedError, type RipeClient, type Status } from './ripe-client.ts';
import { createVectorReader } from './vector-reader.ts';

export interface SensorLinkEvents {
  readonly onUp: (broker: string) => void;
  /** A legacy device goes to its fail-safe state (protocol §8); one that honours envelopes has its ends. */
  readonly onDown: (reason: string) => void;
  readonly onCommand: (value: number) => void;
  /** RIPE does not know this sensor any more: the link has given up. */
  readonly onForgotten: () => void;
}

export interface SensorLink {
  /** Runs until the signal ends it; never rejects. */
  run(signal: AbortSignal): Promise<void>;
  /** False while there is no broker: a device does not keep old readings. */
  publish(reading: object): boolean;
}

export interface LinkOptions {
  readonly ripe: RipeClient;
  readonly credentials: Credentials;
  readonly domain: string;
  readonly events: SensorLinkEvents;
  /** It knows command vectors only. */
  readonly isLegacy: boolean;
}

interface LinkContext extends LinkOptions {
  readonly device: EnvelopeClient;
}

const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 5000;

/** One sensor's MQTT connection: loses it, asks RIPE for the broker, comes back (protocol §8). */
export function createSensorLink(options: LinkOptions): SensorLink {
  let client: MqttClient | null = null;
  const say = (channel: SensorChannel, message: object) => {
    const { id, key } = options.credentials;
    client?.publish(sensorTopic(channel, id, key), JSON.stringify(message), { qos: 1 }, ignore);
  };
  const device = new EnvelopeClient({
    say: (report) => say('ack', report),
    act: (values) => options.events.onCommand(values[options.domain] ?? 0),
  });
  const context = { ...options, device };
  // The answer to the registration names the broker already.
  let status: Status | null = firstStatus(context);
  let failures = 0;

  async function session(signal: AbortSignal): Promise<void> {
    status ??= await context.ripe.status(context.credentials);
    client = await connect(context, status, failures);
    failures = 0;
    if (!context.isLegacy) device.ask();
    await untilClosed(client, signal);
    throw new Error('connection lost');
  }

  async function stayConnected(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const error = await session(signal).catch((reason: Error) => reason);
      client = null;
      status = null;
      if (signal.aborted) return;
      if (isForgotten(error)) return context.events.onForgotten();
      context.events.onDown(error?.message ?? '');
      const waitMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures);
      failures += 1;
      await pause(waitMs, undefined, { signal }).catch(ignore);
    }
  }

  return {
    async run(signal) {
      try {
        await stayConnected(signal);
      } finally {
        device.stop();
      }
    },
    publish(reading) {
      if (client === null || !client.connected) return false;
      // An unconfirmed reading is no trouble of the simulator: a lost connection is reported as such.
      say('data', reading);
      return true;
    },
  };
}

function firstStatus({ credentials, domain }: LinkOptions): Status {
  return { agents: [{ domain, agent_name: '' }], broker: credentials.broker };
}

function isForgotten(error: unknown): boolean {
  return error instanceof RefusedError && error.status === 400;
}

async function connect(context: LinkContext, status: Status, failures: number): Promise<MqttClient> {
  const brokers = usableBrokers(status.broker.items);
  const broker = brokers[failures % brokers.length];
  if (broker === undefined) throw new Error('RIPE names no broker');
  const client = mqtt.connect(connectOptions(broker, context.credentials.id));
  // Node throws an error event that nobody listens to; every such error closes the connection too.
  client.on('error', ignore);
  try {
    await connected(client, brokerText(broker));
    await subscribe(client, context, status);
    context.events.onUp(brokerText(broker));
    return client;
  } catch (error) {
    client.end(true);
    throw error;
  }
}

async function connected(client: MqttClient, broker: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    client.once('connect', () => resolve());
    client.once('error', reject);
    client.once('close', () => reject(new Error(`no answer from ${broker}`)));
  });
}

async function subscribe(client: MqttClient, context: LinkContext, status: Status): Promise<void> {
  const { id, key } = context.credentials;
  const commands = sensorTopic(context.isLegacy ? 'cmd' : 'envelope', id, key);
  const readVector = createVectorReader({
    domain: context.domain,
    agents: status.agents,
    askAgents: async () => (await context.ripe.status(context.credentials)).agents,
    onCommand: context.events.onCommand,
  });
  client.on('message', (topic, payload) => {
    // The lost connection is what makes the link ask RIPE for the broker.
    if (topic === MASTER_TOPIC) client.end(true);
    if (topic !== commands) return;
    if (context.isLegacy) readVector(payload).catch(ignore);
    else context.device.hear(payload);
  });
  await client.subscribeAsync(commands, { qos: 1 });
  // A broker may keep this topic to itself: losing the connection tells the same.
  await client.subscribeAsync(MASTER_TOPIC, { qos: 1 }).catch(ignore);
}

async function untilClosed(client: MqttClient, signal: AbortSignal): Promise<void> {
  if (client.connected && !signal.aborted) await closedOrAborted(client, signal);
  if (signal.aborted) await client.endAsync().catch(ignore);
}

async function closedOrAborted(client: MqttClient, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const finish = () => {
      signal.removeEventListener('abort', finish);
      resolve();
    };
    client.once('close', finish);
    signal.addEventListener('abort', finish);
  });
}

function ignore(): void {}
