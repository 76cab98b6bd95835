import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';
import proxyAddress from 'proxy-addr';
import { fieldError } from '../../domain/errors.ts';

/** Tells from where a request really comes: a reverse proxy says so in `X-Forwarded-For`, and is believed if it is trusted. */
export type AddressOf = (request: IncomingMessage) => string;

/** `trusted`: addresses, subnets, or `loopback`, `linklocal`, `uniquelocal`. Throws an error that names the field. */
export function createAddressOf(trusted: readonly string[], field = 'trustedProxies'): AddressOf {
  if (trusted.length === 0) return ({ socket }) => addressGroup(socket.remoteAddress);
  const trust = compile(trusted, field);
  return (request) => addressGroup(proxyAddress(request, trust));
}

/** Whether a connection comes from a trusted proxy itself. */
export function createIsProxy(
  trusted: readonly string[],
  field = 'trustedProxies',
): (address: string) => boolean {
  const trust = compile(trusted, field);
  return (address) => trust(address, 0);
}

function compile(trusted: readonly string[], field: string): (address: string, hop: number) => boolean {
  if (trusted.length === 0) return () => false;
  try {
    return proxyAddress.compile([...trusted]);
  } catch {
    throw fieldError(field, 'must be a list of addresses, subnets, or loopback, linklocal, uniquelocal');
  }
}

/**
 * The address that is counted by. Whoever has one IPv6 address has 2^64 of them, so that half is left out; an IPv4 address
 * in the clothes of IPv6 is taken for what it is.
 */
export function addressGroup(address: string | undefined): string {
  if (address === undefined || !address.includes(':') || !isIPv6(address)) return address ?? '';
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  const [head = '', tail] = (address.split('%', 1)[0] ?? '').split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const middle =
    tail === undefined ? [] : Array<string>(Math.max(0, 8 - front.length - back.length)).fill('0');
  const network = [...front, ...middle, ...back].slice(0, 4);
  return `${network.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}
