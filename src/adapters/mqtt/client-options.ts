import type { IClientOptions, IStore } from 'mqtt';
import { MASTER_PAYLOAD, MASTER_TOPIC } from '../../domain/topics.ts';
import type { InternalAddress } from './broker-address.ts';

/** Long enough for an update of the machine; until then the broker queues readings for us. */
const SESSION_EXPIRY_SECONDS = 3600;

export type ProtocolVersion = 4 | 5;

export interface SessionSettings {
  clientId: string;
  keepAliveSeconds: number;
  connectTimeoutMs: number;
  /** What a persistent session needs across connections: QoS 2 messages that are not released yet; null = clean session. */
  unreleased: IStore | null;
}

export function clientOptions(
  address: InternalAddress,
  version: ProtocolVersion,
  settings: SessionSettings,
): IClientOptions {
  const { scheme, host, port, path, username, password, rejectUnauthorized } = address;
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
    protocolVersion: version,
    clientId: settings.clientId,
    keepalive: settings.keepAliveSeconds,
    connectTimeout: settings.connectTimeoutMs,
    will: { topic: MASTER_TOPIC, payload: Buffer.from(MASTER_PAYLOAD), qos: 2, retain: false },
    ...sessionOptions(version, settings.unreleased),
    // The pool decides when and where to connect again.
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
  };
}

function sessionOptions(version: ProtocolVersion, unreleased: IStore | null): IClientOptions {
  if (unreleased === null) return { clean: true };
  const kept: IClientOptions = { clean: false, incomingStore: unreleased };
  return version === 5 ? { ...kept, properties: { sessionExpiryInterval: SESSION_EXPIRY_SECONDS } } : kept;
}
