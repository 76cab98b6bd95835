import type { IClientOptions } from 'mqtt';
import { MASTER_PAYLOAD, MASTER_TOPIC } from '../../../domain/broker/topics.ts';
import type { InternalAddress } from '../address/broker-address.ts';

/** Long enough for an update of the machine; until then the broker queues readings for us. */
const SESSION_EXPIRY_SECONDS = 3600;

export type ProtocolVersion = 4 | 5;

export interface SessionSettings {
  clientId: string;
  keepAliveSeconds: number;
  connectTimeoutMs: number;
  /** The broker keeps the session for an hour. */
  persistent: boolean;
}

export function clientOptions(
  address: InternalAddress,
  version: ProtocolVersion,
  settings: SessionSettings,
): IClientOptions {
  const { scheme, host, port, path, username, password, rejectUnauthorized, ca } = address;
  const isWebSocket = scheme === 'ws' || scheme === 'wss';
  return {
    protocol: scheme,
    // mqtt.js pastes the host into a URL for WebSockets, where IPv6 needs brackets.
    host: isWebSocket && host.includes(':') ? `[${host}]` : host,
    port,
    ...(path === undefined ? {} : { path }),
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
    ...(ca === undefined ? {} : { ca }),
    protocolVersion: version,
    clientId: settings.clientId,
    keepalive: settings.keepAliveSeconds,
    connectTimeout: settings.connectTimeoutMs,
    will: { topic: MASTER_TOPIC, payload: Buffer.from(MASTER_PAYLOAD), qos: 2, retain: false },
    ...sessionOptions(version, settings.persistent),
    // The pool decides when and where to connect again.
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
  };
}

function sessionOptions(version: ProtocolVersion, persistent: boolean): IClientOptions {
  if (!persistent) return { clean: true };
  return version === 5
    ? { clean: false, properties: { sessionExpiryInterval: SESSION_EXPIRY_SECONDS } }
    : { clean: false };
}
