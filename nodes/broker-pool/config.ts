import type { Node, NodeAPI } from 'node-red';
import { choiceField, flagField, integerField, textField } from '../shared/fields.ts';
import { ripeSettings } from '../shared/settings.ts';

export type SubscribeMode = 'wildcard' | 'perSensor' | 'none';

export interface BrokerPoolConfig {
  readonly garden: unknown;
  /** Ids of ripe-broker nodes, in order of preference. */
  readonly brokers: readonly unknown[];
  /** The setting RIPE_BROKERS, where there is one, replaces the list. */
  readonly useSettings: boolean;
  readonly subscribe: SubscribeMode;
  readonly clientId: string | undefined;
  readonly keepAliveSeconds: number;
  /** Readings are acknowledged to the broker when they are on disk. */
  readonly ackAfterCommit: boolean;
}

/** Protocol §5.2. */
const KEEP_ALIVE_SECONDS = 5;

export function parseBrokerPool(
  def: Readonly<Record<string, unknown>>,
  RED: NodeAPI,
  _node: Node,
): BrokerPoolConfig {
  return {
    garden: def['garden'],
    brokers: Array.isArray(def['brokers']) ? def['brokers'] : [],
    useSettings: flagField(def, 'useSettings', true),
    subscribe: choiceField(def, 'subscribe', ['wildcard', 'perSensor', 'none']) ?? 'wildcard',
    clientId: textField(def, 'clientId'),
    ackAfterCommit:
      choiceField(def, 'ackAfterCommit', ['yes', 'no']) === undefined
        ? ripeSettings(RED).ackAfterCommit === true
        : def['ackAfterCommit'] === 'yes',
    keepAliveSeconds: integerField(def, 'keepAlive', 1, 3_600) ?? KEEP_ALIVE_SECONDS,
  };
}
