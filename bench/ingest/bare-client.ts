// A process of its own: the least that a program can do with readings. It parses, compares and publishes, and keeps nothing.
// Parent: `{ port }`; this process: `{ count }`, every so often.
import mqtt from 'mqtt';
import { parseSensorTopic, sensorTopic } from '../../src/domain/broker/topics.ts';
import { LIMIT } from './workload.ts';

const TELL_EVERY_MS = 20;
const [ON, OFF] = [Buffer.from([1]), Buffer.from([0])];

process.once('message', ({ port }: { port: number }) => void serve(port));
process.once('disconnect', () => process.exit());

async function serve(port: number): Promise<void> {
  const client = await mqtt.connectAsync({ host: '127.0.0.1', port, protocol: 'mqtt', reconnectPeriod: 0 });
  let count = 0;
  client.on('message', (topic, payload, { qos }) => {
    const { moisture } = JSON.parse(payload.toString()) as { moisture: number };
    const { sensor = 0 } = parseSensorTopic(topic) ?? {};
    client.publish(sensorTopic('cmd', sensor), moisture < LIMIT ? ON : OFF, { qos });
    count += 1;
  });
  await client.subscribeAsync('sensor/data/+/+', { qos: 2 });
  setInterval(() => process.send?.({ count }), TELL_EVERY_MS);
}
