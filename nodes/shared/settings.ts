import type { NodeAPI } from 'node-red';
import type { SqliteBounds } from '../../src/adapters/store/sqlite/connect.ts';
import type { FlowNotice } from '../../src/domain/flow-copy.ts';

/** The `ripe` member of Node-RED's settings: settings.js fills it from the environment. */
export interface RipeSettings {
  readonly dataDir?: string;
  readonly mqttPort?: number;
  readonly host?: string;
  readonly externalHost?: string;
  readonly pluginsDir?: string;
  /** `process` or `thread`: where JavaScript of plugins runs. */
  readonly pluginHost?: string;
  readonly brokers?: string;
  readonly brokerMode?: string;
  readonly adminToken?: string;
  /** Opens `/metrics` and nothing else. */
  readonly metricsToken?: string;
  /** `on`, or `user:password`: on, with a login of its own at the embedded broker. */
  readonly homeAssistant?: string;
  readonly homeAssistantPrefix?: string;
  readonly registration?: string;
  readonly logLines?: number;
  readonly databaseUrl?: string;
  readonly rawDays?: number;
  readonly rowDays?: number;
  readonly historyDays?: number;
  readonly commitMs?: number;
  readonly sqlite?: SqliteBounds;
  readonly ackAfterCommit?: boolean;
  /** Minutes; for all agents, whatever their types allow. */
  readonly longestRun?: number;
  readonly dailyBudget?: number;
  /** `pump=1,tank=2` */
  readonly supplies?: string;
  /** `requestsPerMinute=600`: see HTTP_LIMITS and MQTT_LIMITS. */
  readonly httpLimits?: string;
  readonly mqttLimits?: string;
  /** How many sensors may be registered by whoever comes. */
  readonly mostSensors?: number;
  /** Comma-separated: whose X-Forwarded-For is believed. */
  readonly trustedProxies?: string;
  /** Comma-separated: from which origins pages may call, or `*`. */
  readonly corsOrigins?: string;
  /** The file with the named accounts of the embedded broker. */
  readonly mqttAccounts?: string;
  /** Whether RIPE bounds connections, headers and times of Node-RED's whole HTTP server. */
  readonly hardenServer?: boolean;
  /** Of `npm start`, which keeps the user's copy of the bundled flow itself; null: that is as it should be. */
  readonly flowNotice?: FlowNotice | null;
}

/** A palette user's settings.js says nothing of RIPE: then dialogs and defaults decide. */
export function ripeSettings(RED: NodeAPI): RipeSettings {
  return (RED.settings as unknown as { ripe?: RipeSettings }).ripe ?? {};
}

/** Where RIPE keeps what is its own: the data directory, else Node-RED's user directory. */
export function dataDirectory(RED: NodeAPI): string {
  return ripeSettings(RED).dataDir ?? RED.settings.userDir ?? process.cwd();
}
