import type { Node, NodeAPI } from 'node-red';
import type { BrokerMode } from '../../src/adapters/mqtt/broker-pool.ts';
import type { QoS, Subscription } from '../../src/adapters/mqtt/link/broker-link.ts';
import { isFilter } from '../../src/domain/broker/topic-rules.ts';
import { fieldError } from '../../src/domain/errors.ts';
import { choiceField, flagField, integerField, textField } from '../shared/fields.ts';
import { ripeSettings } from '../shared/settings.ts';

type Def = Readonly<Record<string, unknown>>;

export type SubscribeMode = 'wildcard' | 'perSensor' | 'none';

/** What a received payload becomes; `auto` is what fits: an object, a text or a Buffer. */
const PAYLOAD_FORMS = ['auto', 'buffer', 'text', 'json', 'base64'] as const;
export type PayloadForm = (typeof PAYLOAD_FORMS)[number];

/** What a message to publish gets where it does not say so itself. */
export interface PublishDefaults {
  readonly topic: string | undefined;
  readonly qos: QoS;
  readonly retain: boolean;
}

export interface BrokerPoolConfig {
  readonly garden: unknown;
  /** Ids of ripe-broker nodes, in order of preference. */
  readonly brokers: readonly unknown[];
  /** The setting RIPE_BROKERS, where there is one, replaces the list. */
  readonly useSettings: boolean;
  readonly mode: BrokerMode;
  /** How long a preferred broker must have been steady before it serves again. */
  readonly failBackSeconds: number;
  /** How many messages wait while no broker is connected, besides the newest commands of each sensor. */
  readonly queuedAtMost: number;
  /** The sensors' topics; in a garden only. */
  readonly subscribe: SubscribeMode;
  readonly topics: readonly Subscription[];
  readonly output: PayloadForm;
  readonly publish: PublishDefaults;
  readonly clientId: string | undefined;
  readonly keepAliveSeconds: number;
  /** Readings are acknowledged to the broker when they are on disk. */
  readonly ackAfterCommit: boolean;
}

/** Protocol §5.2. */
const KEEP_ALIVE_SECONDS = 5;
const FAIL_BACK_SECONDS = 60;
const QUEUED_AT_MOST = 1_000;
const MODES = ['failover', 'all'] as const;

export function parseBrokerPool(def: Def, RED: NodeAPI, _node: Node): BrokerPoolConfig {
  const mode = choiceField(def, 'mode', MODES) ?? choiceField({ ...ripeSettings(RED) }, 'brokerMode', MODES);
  return {
    garden: def['garden'],
    brokers: Array.isArray(def['brokers']) ? def['brokers'] : [],
    useSettings: flagField(def, 'useSettings', true),
    mode: mode ?? 'failover',
    failBackSeconds: integerField(def, 'failBack', 0, 86_400) ?? FAIL_BACK_SECONDS,
    queuedAtMost: integerField(def, 'queue', 0, 100_000) ?? QUEUED_AT_MOST,
    subscribe: choiceField(def, 'subscribe', ['wildcard', 'perSensor', 'none']) ?? 'wildcard',
    topics: parseTopics(def['topics']),
    output: choiceField(def, 'output', PAYLOAD_FORMS) ?? 'buffer',
    publish: {
      topic: textField(def, 'publishTopic'),
      qos: (integerField(def, 'publishQos', 0, 2) ?? 0) as QoS,
      retain: flagField(def, 'publishRetain', false),
    },
    clientId: textField(def, 'clientId'),
    ackAfterCommit:
      choiceField(def, 'ackAfterCommit', ['yes', 'no']) === undefined
        ? ripeSettings(RED).ackAfterCommit === true
        : def['ackAfterCommit'] === 'yes',
    keepAliveSeconds: integerField(def, 'keepAlive', 1, 3_600) ?? KEEP_ALIVE_SECONDS,
  };
}

function parseTopics(value: unknown): Subscription[] {
  if (!Array.isArray(value)) return [];
  return value.map((item: Def) => {
    const topic = textField(item, 'topic');
    if (topic === undefined || !isFilter(topic)) throw fieldError('topics', 'need a topic filter each');
    return { topic, qos: (integerField(item, 'qos', 0, 2) ?? 0) as QoS };
  });
}
