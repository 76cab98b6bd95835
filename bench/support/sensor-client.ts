import { setTimeout as pause } from 'node:timers/promises';
import mqtt, { type MqttClient } from 'mqtt';
import { connectOptions, usableBrokers } from '../../scripts/simulate/brokers.ts';
import type { Broker, Credentials, RipeClient } from '../../scripts/simulate/ripe-client.ts';
import type { BenchContext } from '../harness/bench-case.ts';

const BROKER_WITHIN_MS = 15_000;
const ASK_EVERY_MS = 100;

/** A plain MQTT client with a sensor's credentials, on the broker that RIPE names. */
export async function connectSensor(
  { onEnd }: Pick<BenchContext, 'onEnd'>,
  ripe: RipeClient,
  credentials: Credentials,
): Promise<MqttClient> {
  const broker = await firstBroker(ripe, credentials);
  const client = await mqtt.connectAsync(connectOptions(broker, credentials.id));
  client.on('error', () => {});
  onEnd(() => client.endAsync(true));
  return client;
}

/** RIPE is healthy before it has reached its broker, and names none until then (protocol §8). */
async function firstBroker(ripe: RipeClient, credentials: Credentials): Promise<Broker> {
  const until = Date.now() + BROKER_WITHIN_MS;
  while (Date.now() < until) {
    const [broker] = usableBrokers((await ripe.status(credentials)).broker.items);
    if (broker !== undefined) return broker;
    await pause(ASK_EVERY_MS);
  }
  throw new Error(`RIPE names no broker within ${BROKER_WITHIN_MS / 1000} s`);
}
