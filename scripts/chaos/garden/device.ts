import { setTimeout as pause } from 'node:timers/promises';
import mqtt, { type MqttClient } from 'mqtt';
import { sensorTopic } from '../../../src/domain/broker/topics.ts';
import type { ChaosContext } from '../scenario.ts';
import type { DeadlineWatch } from '../support/deadline-watch.ts';
import { Spans } from '../support/spans.ts';
import type { BedAddress } from './bed.ts';

const AGAIN_AFTER_MS = 100;

/**
 * A device that knows nothing but the command vector, and keeps its actuator as it was told last, also while it has no
 * connection: the worst one there is.
 */
export class LegacyDevice {
  /** When it could not be told anything. */
  readonly disconnected = new Spans();
  readonly watch: DeadlineWatch;

  constructor(context: ChaosContext, address: BedAddress, watch: DeadlineWatch) {
    const { id, key } = address;
    this.watch = watch;
    this.disconnected.open(performance.now());
    const client = connectTo(context, address);
    const topic = sensorTopic('cmd', id, key);
    client.on('connect', () => {
      client.subscribe(topic, { qos: 2 }, (error) => {
        if (error === null) this.disconnected.close(performance.now());
      });
    });
    client.on('close', () => this.disconnected.open(performance.now()));
    client.on('message', (heard, vector) => {
      if (heard === topic) watch.hears((vector[0] ?? 0) !== 0, performance.now());
    });
  }
}

const MASTER = 'ripe/master';

/** A client that comes back by itself, with a clean session, until the scenario is over. */
export function connectTo(
  context: ChaosContext,
  { broker, whereNow }: Pick<BedAddress, 'broker' | 'whereNow'>,
): MqttClient {
  const { host, port, credentials } = broker;
  const client = mqtt.connect({
    protocol: 'mqtt',
    host,
    port,
    ...(credentials ?? {}),
    keepalive: 5,
    reconnectPeriod: whereNow === undefined ? AGAIN_AFTER_MS : 0,
    connectTimeout: 2_000,
    // What cannot be sent now is not sent later: a device does not keep old readings.
    queueQoSZero: false,
  });
  client.on('error', () => undefined);
  context.onEnd(() => client.endAsync(true));
  if (whereNow !== undefined) follow(client, whereNow);
  return client;
}

/** As firmware does: on a lost connection, or when the master says goodbye, REST is asked where to go. */
function follow(client: MqttClient, whereNow: NonNullable<BedAddress['whereNow']>): void {
  client.on('connect', () => client.subscribe(MASTER, { qos: 1 }));
  client.on('message', (topic) => {
    if (topic === MASTER) client.stream.destroy();
  });
  client.on('close', async () => {
    let named: BedAddress['broker'] | null = null;
    while (named === null && !client.disconnecting) {
      await pause(AGAIN_AFTER_MS);
      named = await whereNow();
    }
    if (client.disconnecting) return;
    Object.assign(client.options, { host: named?.host, port: named?.port });
    client.reconnect();
  });
}
