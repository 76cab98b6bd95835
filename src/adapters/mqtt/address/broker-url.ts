import type { ExternalAddress, InternalAddress } from './broker-address.ts';

/** Says what is wrong with one address, without repeating it: it may hold a password. */
export class AddressError extends Error {}

interface UrlParts {
  scheme: string;
  host: string;
  port: number | null;
  path: string;
  username: string;
  password: string;
}

const INTERNAL_PORTS = { mqtt: 1883, mqtts: 8883, ws: 80, wss: 443 } as const;
const EXTERNAL_PORTS = { tcp: 1883, wss: 443 } as const;
const INTERNAL_ALIASES: Readonly<Record<string, string>> = { tcp: 'mqtt' };
const EXTERNAL_ALIASES: Readonly<Record<string, string>> = { mqtt: 'tcp' };

export function parseInternal(text: string): InternalAddress {
  const parts = split(text);
  const scheme = INTERNAL_ALIASES[parts.scheme] ?? parts.scheme;
  if (!isKeyOf(INTERNAL_PORTS, scheme)) throw new AddressError('its scheme is not mqtt, mqtts, ws or wss');
  const isWebSocket = scheme === 'ws' || scheme === 'wss';
  if (parts.path !== '' && !isWebSocket) throw new AddressError('only ws and wss have a path');
  return {
    scheme,
    host: parts.host,
    port: parts.port ?? INTERNAL_PORTS[scheme],
    ...(parts.path === '' ? {} : { path: parts.path }),
    ...login(parts),
  };
}

export function parseExternal(text: string): ExternalAddress {
  const parts = split(text);
  const scheme = EXTERNAL_ALIASES[parts.scheme] ?? parts.scheme;
  if (!isKeyOf(EXTERNAL_PORTS, scheme)) {
    throw new AddressError('its external scheme is not tcp or wss, which is all that clients speak');
  }
  if (parts.path !== '') throw new AddressError('an external address has no path');
  return { scheme, host: parts.host, port: parts.port ?? EXTERNAL_PORTS[scheme], ...login(parts) };
}

/** What clients can use of an address that is given for RIPE only: they speak neither mqtts nor ws, nor know a path. */
export function externalOf(internal: InternalAddress): ExternalAddress[] {
  const { host, port, username, password } = internal;
  const same = {
    host,
    port,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
  };
  if (internal.scheme === 'mqtt') return [{ scheme: 'tcp', ...same }];
  if (internal.scheme === 'wss' && internal.path === undefined) return [{ scheme: 'wss', ...same }];
  return [];
}

function split(text: string): UrlParts {
  if (!URL.canParse(text)) throw new AddressError('not an address like mqtt://user:password@host:1883');
  const url = new URL(text);
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  // An unescaped / ? or # in a password ends the host too early, and the rest of the password looks like a path.
  if (url.hash !== '' || (url.pathname + url.search).includes('@')) {
    throw new AddressError('in a user name or password write / ? # @ as %2F %3F %23 %40');
  }
  if (host === '') throw new AddressError('it has no host');
  if (url.port === '0') throw new AddressError('its port is not 1 to 65535');
  const path = url.pathname === '/' ? '' : url.pathname;
  return {
    scheme: url.protocol.slice(0, -1),
    host,
    port: url.port === '' ? null : Number(url.port),
    path: path + url.search,
    username: decode(url.username),
    password: decode(url.password),
  };
}

function login(parts: UrlParts): { username?: string; password?: string } {
  return {
    ...(parts.username === '' ? {} : { username: parts.username }),
    ...(parts.password === '' ? {} : { password: parts.password }),
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AddressError('its user name or password has a malformed percent escape');
  }
}

function isKeyOf<T extends object>(table: T, key: string): key is keyof T & string {
  return Object.hasOwn(table, key);
}
