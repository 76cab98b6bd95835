import path from 'node:path';
import type { NodeAPI } from 'node-red';
import type { MqttLimits } from '../../src/domain/broker/client-limits.ts';
import { flagField, integerField, textField } from '../shared/fields.ts';
import { dataDirectory, ripeSettings } from '../shared/settings.ts';
import { mqttLimits } from '../shared/wall-settings.ts';

export interface EmbeddedBrokerConfig {
  readonly garden: unknown;
  readonly port: number;
  readonly host: string;
  readonly hasWebSocket: boolean;
  /** The setting RIPE_BROKERS names other brokers: then this one stays off. */
  readonly isUnused: boolean;
  readonly limits: MqttLimits;
  /** Named accounts. */
  readonly accountsFile: string;
}

const DEFAULT_PORT = 1883;
const DEFAULT_ACCOUNTS = 'mqtt-accounts.json';
const DEFAULT_HOST = '0.0.0.0';

export function parseEmbeddedBroker(
  def: Readonly<Record<string, unknown>>,
  RED: NodeAPI,
): EmbeddedBrokerConfig {
  const settings = ripeSettings(RED);
  return {
    garden: def['garden'],
    port: integerField(def, 'port', 0, 65_535) ?? settings.mqttPort ?? DEFAULT_PORT,
    host: textField(def, 'host') ?? settings.host ?? DEFAULT_HOST,
    hasWebSocket: flagField(def, 'websocket', true),
    isUnused: Boolean(settings.brokers),
    limits: mqttLimits(RED),
    accountsFile: path.resolve(dataDirectory(RED), settings.mqttAccounts ?? DEFAULT_ACCOUNTS),
  };
}
