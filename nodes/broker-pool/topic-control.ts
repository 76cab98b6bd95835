import type { BrokerPool } from '../../src/adapters/mqtt/broker-pool.ts';
import { toBrokerError } from '../../src/adapters/mqtt/link/broker-error.ts';
import type { Subscription } from '../../src/adapters/mqtt/link/broker-link.ts';
import { isFilter } from '../../src/domain/broker/topic-rules.ts';
import { fieldError } from '../../src/domain/errors.ts';
import { isObject } from '../../src/domain/json.ts';
import { checkedQos } from './outgoing.ts';
import type { OwnTopics } from './own-topics.ts';

type Message = Readonly<Record<string, unknown>>;

/** A message that changes what is subscribed, in the words of Node-RED's own `mqtt in`. */
export type TopicControl =
  | { readonly action: 'subscribe'; readonly topics: readonly Subscription[] }
  | { readonly action: 'unsubscribe'; readonly topics: readonly string[] | 'all' }
  | { readonly action: 'getSubscriptions' };

/** Null for a message to publish; throws an error that names the bad field. */
export function parseTopicControl(message: Message): TopicControl | null {
  switch (message['action']) {
    case 'subscribe':
      return {
        action: 'subscribe',
        topics: topicsOf(message).map((topic) => subscription(topic, message['qos'])),
      };
    case 'unsubscribe':
      if (message['topic'] === true) return { action: 'unsubscribe', topics: 'all' };
      return {
        action: 'unsubscribe',
        topics: topicsOf(message).map((topic) => subscription(topic, 0).topic),
      };
    case 'getSubscriptions':
      return { action: 'getSubscriptions' };
    default:
      return null;
  }
}

/** `topic` is a text, an object with `topic` and `qos`, or a list of either. */
function topicsOf({ topic }: Message): readonly unknown[] {
  return Array.isArray(topic) ? topic : [topic];
}

function subscription(value: unknown, qos: unknown): Subscription {
  const { topic, qos: own }: Message = isObject(value) ? value : { topic: value };
  if (typeof topic !== 'string' || !isFilter(topic)) throw fieldError('topic', 'must be a topic filter');
  return { topic, qos: checkedQos(own ?? qos ?? 0) };
}

/** Without a broker the next connection does it. What the garden needs itself stays subscribed. */
export async function changeTopics(
  control: Exclude<TopicControl, { action: 'getSubscriptions' }>,
  own: OwnTopics,
  pool: BrokerPool,
  gardens: readonly Subscription[],
): Promise<void> {
  if (control.action === 'subscribe') return subscribe(control.topics, own, pool);
  const topics = control.topics === 'all' ? own.names : control.topics;
  own.remove(topics);
  const needed = new Set(gardens.map(({ topic }) => topic));
  await pool.unsubscribe(topics.filter((topic) => !needed.has(topic)));
}

async function subscribe(topics: readonly Subscription[], own: OwnTopics, pool: BrokerPool): Promise<void> {
  own.add(topics);
  try {
    await pool.subscribe(topics);
  } catch (error) {
    // The pool does not ask for refused topics again either.
    if (toBrokerError(error).kind === 'refused') own.remove(topics.map(({ topic }) => topic));
    throw error;
  }
}
