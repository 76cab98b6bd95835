import mqtt, { type MqttClient } from 'mqtt';
import { connectOptions, usableBrokers } from '../../scripts/simulate/brokers.ts';
import type { Credentials } from '../../scripts/simulate/ripe-client.ts';
import type { BenchContext } from '../harness/bench-case.ts';

/** A plain MQTT client with a sensor's credentials, on the broker that its registration names. */
export async function connectSensor(
  { onEnd }: Pick<BenchContext, 'onEnd'>,
  { id, broker }: Credentials,
): Promise<MqttClient> {
  const [first] = usableBrokers(broker.items);
  if (first === undefined) throw new Error('RIPE names no broker');
  const client = await mqtt.connectAsync(connectOptions(first, id));
  client.on('error', () => {});
  onEnd(() => client.endAsync(true));
  return client;
}
