import type { Garden } from '../../src/adapters/garden/garden.ts';
import type { Subscription } from '../../src/adapters/mqtt/broker-link.ts';
import type { BrokerPool } from '../../src/adapters/mqtt/broker-pool.ts';
import { DATA_WILDCARD, LOG_WILDCARD, sensorTopic } from '../../src/domain/topics.ts';
import type { SubscribeMode } from './config.ts';

/** The backend subscribes with QoS 2 (protocol §5.1). */
export function firstSubscriptions(mode: SubscribeMode, garden: Garden | undefined): Subscription[] {
  if (mode === 'wildcard') return [DATA_WILDCARD, LOG_WILDCARD].map((topic) => ({ topic, qos: 2 as const }));
  return mode === 'perSensor' && garden !== undefined ? [...topicsOf(garden)].map(exactlyOnce) : [];
}

/** Subscribes to each sensor's own topics as sensors come and go; the answer ends that. */
export function followSensors(
  garden: Garden,
  pool: BrokerPool,
  failed: (error: unknown) => void,
): () => void {
  let known = topicsOf(garden);
  const follow = () => {
    const now = topicsOf(garden);
    const added = [...now].filter((topic) => !known.has(topic)).map(exactlyOnce);
    const gone = [...known].filter((topic) => !now.has(topic));
    known = now;
    if (added.length > 0) pool.subscribe(added).catch(failed);
    if (gone.length > 0) pool.unsubscribe(gone).catch(failed);
  };
  garden.keys.on('changed', follow);
  return () => garden.keys.off('changed', follow);
}

function topicsOf(garden: Garden): Set<string> {
  const topics = new Set<string>();
  for (const { sensor, key } of garden.keys.entries()) {
    topics.add(sensorTopic('data', sensor, key));
    topics.add(sensorTopic('log', sensor, key));
  }
  return topics;
}

const exactlyOnce = (topic: string): Subscription => ({ topic, qos: 2 });
