import type { IClientOptions } from 'mqtt';
import type { Broker } from './ripe-client.ts';

/** The brokers a simulated sensor can use, best first: tcp as a device does, wss where only that is served. */
export function usableBrokers(items: readonly Broker[]): Broker[] {
  return [
    ...items.filter(({ scheme }) => scheme === 'tcp'),
    ...items.filter(({ scheme }) => scheme === 'wss'),
  ];
}

/** `tcp://127.0.0.1:1883`; holds no credentials, so it may be shown. */
export function brokerText({ scheme, host, port }: Broker): string {
  return `${scheme}://${host}:${port}`;
}

/** Protocol §5.2, as a device connects: MQTT 3.1.1, clean session. */
export function connectOptions(broker: Broker, sensor: number): IClientOptions {
  return {
    ...(broker.scheme === 'tcp' ? { protocol: 'mqtt', host: broker.host } : webSocket(broker.host)),
    port: broker.port,
    // 23 characters are what every 3.1.1 broker takes.
    clientId: `sim-${sensor}-${Math.random().toString(36).slice(2, 8)}`,
    ...(broker.credentials ?? {}),
    protocolVersion: 4,
    clean: true,
    keepalive: 20,
    connectTimeout: 5000,
    // Whoever loses the broker asks RIPE for it again, instead of trying the same one.
    reconnectPeriod: 0,
    resubscribe: false,
  };
}

/** A broker behind a web server may be announced with a path in its host. */
function webSocket(host: string): IClientOptions {
  const slash = host.indexOf('/');
  if (slash < 0) return { protocol: 'wss', host, path: '/' };
  return { protocol: 'wss', host: host.slice(0, slash), path: host.slice(slash) };
}
