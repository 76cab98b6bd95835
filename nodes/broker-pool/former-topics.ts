import type { Garden } from '../../src/adapters/garden/garden.ts';
import type { BrokerPool } from '../../src/adapters/mqtt/broker-pool.ts';
import { sensorTopic } from '../../src/domain/broker/topics.ts';

const LOOK_EVERY_MS = 1_000;

/** Deletes what brokers retain under keys whose grace period has ended; the answer ends that. */
export function clearFormerTopics(garden: Garden, pool: BrokerPool): () => void {
  const underWay = new Set<string>();
  const clear = async (sensor: number, key: string): Promise<void> => {
    const topic = sensorTopic('cmd', sensor, key);
    if (underWay.has(topic)) return;
    underWay.add(topic);
    try {
      await pool.publish({ topic, payload: '', qos: 2, retain: true });
      garden.forgetKey(sensor, key);
    } catch {
      // Without a broker it is owed, and tried again, also after a restart.
    } finally {
      underWay.delete(topic);
    }
  };
  const timer = setInterval(() => {
    for (const { sensor, key } of garden.keys.endedKeys()) void clear(sensor, key);
  }, LOOK_EVERY_MS);
  return () => clearInterval(timer);
}
