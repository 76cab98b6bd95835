import type { Credentials } from '../data/shapes.ts';

const LOOPBACK = /^(?:localhost|127\.[\d.]+|\[?::1\]?)$/i;

/** Where RIPE names only brokers that this computer alone can reach: the address; else null. */
export function ownAddressOf({ broker }: Credentials): string | null {
  const hosts = broker.items.map(({ host }) => host);
  return hosts.every((host) => LOOPBACK.test(host)) ? (hosts[0] ?? null) : null;
}
