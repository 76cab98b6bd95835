import type { Garden } from '../../src/adapters/garden/garden.ts';
import type { BrokerPool } from '../../src/adapters/mqtt/broker-pool.ts';
import type { QoS, Subscription } from '../../src/adapters/mqtt/link/broker-link.ts';
import {
  ACK_WILDCARD,
  DATA_WILDCARD,
  LOG_WILDCARD,
  parseSensorTopic,
  SENSOR_SAYS,
  sensorTopic,
} from '../../src/domain/broker/topics.ts';
import type { HomeAssistantSettings } from '../../src/domain/home-assistant/settings.ts';
import { birthTopic, COMMAND_WILDCARD, parseCommandTopic } from '../../src/domain/home-assistant/topics.ts';
import type { BrokerPoolConfig } from './config.ts';

/**
 * The backend subscribes with QoS 2 (protocol §5.1), unless it acknowledges what is on disk: exactly once would need
 * the packet ids there, too, so at least once is what can be promised.
 */
export const qosOf = (isAckAfterCommit: boolean): QoS => (isAckAfterCommit ? 1 : 2);

/** What the garden needs. */
export function gardenTopics(
  { subscribe, ackAfterCommit }: BrokerPoolConfig,
  garden: Garden | undefined,
): Subscription[] {
  if (subscribe === 'none' || garden === undefined) return [];
  const topics =
    subscribe === 'wildcard' ? [DATA_WILDCARD, LOG_WILDCARD, ACK_WILDCARD] : [...topicsOf(garden)];
  return [
    ...topics.map((topic) => ({ topic, qos: qosOf(ackAfterCommit) })),
    ...homeAssistantTopics(garden.homeAssistant),
  ];
}

/** At most once: a command that has waited in a session, while RIPE was away, is nobody's wish any more. */
function homeAssistantTopics(settings: HomeAssistantSettings | null): Subscription[] {
  if (settings === null) return [];
  return [COMMAND_WILDCARD, birthTopic(settings.prefix)].map((topic) => ({ topic, qos: 0 }));
}

/** What the garden receives for itself. */
export function isGardenTopic({ homeAssistant }: Garden, topic: string): boolean {
  if (parseSensorTopic(topic) !== null) return true;
  if (homeAssistant === null) return false;
  return parseCommandTopic(topic) !== null || topic === birthTopic(homeAssistant.prefix);
}

/** Subscribes to each sensor's own topics as sensors come and go; the answer ends that. */
export function followSensors(
  garden: Garden,
  pool: BrokerPool,
  qos: QoS,
  failed: (error: unknown) => void,
): () => void {
  let known = topicsOf(garden);
  const follow = () => {
    const now = topicsOf(garden);
    const added = [...now].filter((topic) => !known.has(topic)).map((topic) => ({ topic, qos }));
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
    for (const channel of SENSOR_SAYS) topics.add(sensorTopic(channel, sensor, key));
  }
  return topics;
}
