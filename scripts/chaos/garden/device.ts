import mqtt, { type MqttClient } from 'mqtt';
import { sensorTopic } from '../../../src/domain/topics.ts';
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

  constructor(context: ChaosContext, { id, key, broker }: BedAddress, watch: DeadlineWatch) {
    this.watch = watch;
    this.disconnected.open(performance.now());
    const client = connectTo(context, broker);
    const topic = sensorTopic('cmd', id, key);
    client.on('connect', () => {
      client.subscribe(topic, { qos: 2 }, (error) => {
        if (error === null) this.disconnected.close(performance.now());
      });
    });
    client.on('close', () => this.disconnected.open(performance.now()));
    client.on('message', (_topic, vector) => watch.hears((vector[0] ?? 0) !== 0, performance.now()));
  }
}

/** A client that comes back by itself, with a clean session, until the scenario is over. */
export function connectTo(context: ChaosContext, broker: BedAddress['broker']): MqttClient {
  const { host, port, credentials } = broker;
  const client = mqtt.connect({
    protocol: 'mqtt',
    host,
    port,
    ...(credentials ?? {}),
    keepalive: 5,
    reconnectPeriod: AGAIN_AFTER_MS,
    connectTimeout: 2_000,
    // What cannot be sent now is not sent later: a device does not keep old readings.
    queueQoSZero: false,
  });
  client.on('error', () => undefined);
  context.onEnd(() => client.endAsync(true));
  return client;
}
