import { isSaid, MASTER_TOPIC, parseSensorTopic } from '../../domain/broker/topics.ts';
import type { KeyCheck } from './key-check.ts';

/** `unproven`: a reading, log line or report with a wrong key. It still reaches RIPE, which counts those; nobody else can subscribe there. */
export type PublishVerdict = 'allowed' | 'unproven' | 'dropped';

/** What sensors and the app may do. The key in the topic is their only proof, so wildcards are never theirs. */
export class AccessRules {
  readonly #keys: KeyCheck;

  constructor(keys: KeyCheck) {
    this.#keys = keys;
  }

  mayReceive(topic: string): boolean {
    if (topic === MASTER_TOPIC) return true;
    const parsed = parseSensorTopic(topic);
    if (parsed === null || parsed.key === null || parsed.channel === 'ack') return false;
    return this.#keys.check(parsed.sensor, parsed.key);
  }

  publish(topic: string): PublishVerdict {
    const parsed = parseSensorTopic(topic);
    if (parsed === null || parsed.key === null || !isSaid(parsed.channel)) return 'dropped';
    return this.#keys.check(parsed.sensor, parsed.key) ? 'allowed' : 'unproven';
  }
}

/** A topic for logs: without its key, and without anything of a topic that could hide one. */
export function describeTopic(topic: string): string {
  if (topic === MASTER_TOPIC) return topic;
  const parsed = parseSensorTopic(topic);
  return parsed === null ? 'another topic' : `sensor/${parsed.channel}/${parsed.sensor}`;
}
