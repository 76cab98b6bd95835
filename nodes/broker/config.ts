import type { Node } from 'node-red';
import type {
  ExternalAddress,
  InternalAddress,
  ProtocolChoice,
} from '../../src/adapters/mqtt/address/broker-address.ts';
import { isCertificate } from '../../src/adapters/mqtt/address/certificate.ts';
import { fieldError } from '../../src/domain/errors.ts';
import { choiceField, flagField, integerField, textField } from '../shared/fields.ts';

type Def = Readonly<Record<string, unknown>>;

export type BrokerConfig =
  | { readonly kind: 'embedded'; readonly name: string; readonly external: readonly ExternalAddress[] }
  | {
      readonly kind: 'external';
      readonly name: string;
      readonly internal: InternalAddress;
      readonly external: readonly ExternalAddress[];
      readonly protocol: ProtocolChoice;
    };

interface BrokerCredentials {
  username?: string;
  password?: string;
  externalUsername?: string;
  externalPassword?: string;
}

const DEFAULT_PORTS = { mqtt: 1883, mqtts: 8883, ws: 80, wss: 443 } as const;

export function parseBroker(def: Def, node: Node): BrokerConfig {
  const credentials = (node.credentials ?? {}) as BrokerCredentials;
  const external = parseExternal(def['external'], credentials);
  if (choiceField(def, 'kind', ['embedded', 'external']) !== 'external') {
    return { kind: 'embedded', name: textField(def, 'name') ?? 'embedded', external };
  }
  const internal = parseInternal(def, credentials);
  return {
    kind: 'external',
    name: textField(def, 'name') ?? `${internal.host}:${internal.port}`,
    internal,
    external: external.length > 0 ? external : sameAsInternal(internal, credentials),
    protocol: choiceField(def, 'protocol', ['auto', '5', '3.1.1']) ?? 'auto',
  };
}

function parseInternal(def: Def, credentials: BrokerCredentials): InternalAddress {
  const scheme = choiceField(def, 'scheme', ['mqtt', 'mqtts', 'ws', 'wss']) ?? 'mqtt';
  const host = textField(def, 'host');
  if (host === undefined) throw fieldError('host', 'is missing');
  const path = textField(def, 'path');
  return {
    scheme,
    host,
    port: integerField(def, 'port', 1, 65_535) ?? DEFAULT_PORTS[scheme],
    ...(path === undefined ? {} : { path }),
    ...login(credentials.username, credentials.password),
    rejectUnauthorized: flagField(def, 'verifyCertificate', true),
    ...authority(def),
  };
}

/** Certificates are no secret: they stand in the flow. */
function authority(def: Def): { ca?: string } {
  const ca = textField(def, 'ca');
  if (ca === undefined) return {};
  if (!isCertificate(ca)) throw fieldError('ca', 'must be a certificate as PEM text');
  return { ca };
}

function parseExternal(value: unknown, credentials: BrokerCredentials): ExternalAddress[] {
  if (!Array.isArray(value)) return [];
  return value.map((item: Def) => {
    const host = textField(item, 'host');
    if (host === undefined) throw fieldError('external.host', 'is missing');
    const scheme = choiceField(item, 'scheme', ['tcp', 'wss']) ?? 'tcp';
    const port = integerField(item, 'port', 1, 65_535) ?? (scheme === 'tcp' ? 1883 : 443);
    return { scheme, host, port, ...login(credentials.externalUsername, credentials.externalPassword) };
  });
}

/** Clients know tcp and wss only (protocol §4.1): of other internal addresses there is nothing to tell them. */
function sameAsInternal(
  { scheme, host, port }: InternalAddress,
  credentials: BrokerCredentials,
): ExternalAddress[] {
  const login_ = login(credentials.externalUsername, credentials.externalPassword);
  if (scheme === 'mqtt') return [{ scheme: 'tcp', host, port, ...login_ }];
  return scheme === 'wss' ? [{ scheme: 'wss', host, port, ...login_ }] : [];
}

function login(username?: string, password?: string): { username?: string; password?: string } {
  return { ...(username ? { username } : {}), ...(password ? { password } : {}) };
}
