// A process of its own: publishes readings as fast as its broker takes them, but never more than it is told to.
// Parent: `{ port, sensors, qos, from }` first, then `{ upTo }`; this process: `{ sent }`.
import { setImmediate as turn } from 'node:timers/promises';
import mqtt from 'mqtt';
import { dataTopics, type Qos, readingText } from './workload.ts';

export interface FloodOrder {
  readonly port: number;
  readonly sensors: number;
  readonly qos: Qos;
  /** The number of the first reading. */
  readonly from: number;
}

const AT_ONCE = 50;
/** Not acknowledged by the broker yet. */
const MOST_UNDER_WAY = 200;

process.once('message', (order: FloodOrder) => void flood(order));
process.once('disconnect', () => process.exit());

async function flood({ port, sensors, qos, from }: FloodOrder): Promise<void> {
  const topics = dataTopics(sensors);
  const client = await mqtt.connectAsync({ host: '127.0.0.1', port, protocol: 'mqtt', reconnectPeriod: 0 });
  let [sent, upTo, underWay] = [from, from, 0];
  process.on('message', (message: { upTo: number }) => {
    upTo = message.upTo;
    process.send?.({ sent });
  });
  process.send?.({ sent });
  while (client.connected) {
    for (let count = 0; count < AT_ONCE && sent < upTo && underWay < MOST_UNDER_WAY; count += 1) {
      underWay += 1;
      client.publish(topics[sent % sensors] ?? '', readingText(sent, sensors), { qos }, () => {
        underWay -= 1;
      });
      sent += 1;
    }
    await turn();
  }
}
