import { RipeError } from '../../../domain/errors.ts';
import type { BrokerDefinition, InternalAddress, ProtocolChoice } from './broker-address.ts';
import { AddressError, externalOf, parseExternal, parseInternal } from './broker-url.ts';
import { isCertificate } from './certificate.ts';

interface Entry {
  internal: string;
  /** null: nothing said about clients, so they get the internal address. */
  external: readonly string[] | null;
  name: string | null;
  protocol: ProtocolChoice;
  tls: Pick<InternalAddress, 'ca' | 'rejectUnauthorized'>;
}

const MEMBERS = ['internal', 'external', 'name', 'protocol', 'ca', 'verify'];
const PROTOCOLS: readonly unknown[] = ['auto', '5', '3.1.1'] satisfies ProtocolChoice[];

/**
 * Reads the setting RIPE_BROKERS, or the file brokers.json: a JSON list of
 * `{"internal": url, "external"?: [url], "name"?: text, "protocol"?: "auto" | "5" | "3.1.1", "ca"?: PEM, "verify"?: false}`,
 * or `internal` or `internal|external` URLs separated by commas (a comma in a password is written %2C).
 */
export function parseBrokers(setting: string, source = 'RIPE_BROKERS'): BrokerDefinition[] {
  const text = setting.trim();
  if (!text.startsWith('[')) return parseList(text);
  return parseJson(text, source).map((item, index) => define(index, () => readEntry(item)));
}

function parseList(text: string): BrokerDefinition[] {
  const items = text.split(',').map((item) => item.trim());
  return items.filter((item) => item !== '').map((item, index) => define(index, () => splitPair(item)));
}

function parseJson(text: string, source: string): unknown[] {
  try {
    return JSON.parse(text) as unknown[];
  } catch (error) {
    throw new RipeError('RIPE_BROKER_INVALID', { reason: `${source} is not valid JSON${placeOf(error)}` });
  }
}

/**
 * The parser's own message quotes the text around the fault, passwords included: told is only where it is, or the bracket
 * that comes too early, as after a comma too many.
 */
function placeOf(error: unknown): string {
  const [, bracket, place] =
    /Unexpected token '([\]}])'|(\(line \d+ column \d+\))$/.exec(String(error)) ?? [];
  if (bracket !== undefined) return `: unexpected ${bracket}`;
  return place === undefined ? '' : ` ${place}`;
}

function define(index: number, read: () => Entry): BrokerDefinition {
  let where = `entry ${index + 1}`;
  try {
    const entry = read();
    const internal = { ...parseInternal(entry.internal), ...entry.tls };
    const name = entry.name ?? `${internal.host}:${internal.port}`;
    where += ` (${name})`;
    const external = entry.external?.map(parseExternal) ?? externalOf(internal);
    return { name, internal: () => internal, external, protocol: entry.protocol, persistent: true };
  } catch (error) {
    if (!(error instanceof AddressError)) throw error;
    throw new RipeError('RIPE_BROKER_INVALID', { reason: `${where}: ${error.message}` });
  }
}

function splitPair(text: string): Entry {
  const [internal = '', ...external] = text.split('|').map((part) => part.trim());
  return {
    internal,
    external: external.length === 0 ? null : external,
    name: null,
    protocol: 'auto',
    tls: {},
  };
}

function readEntry(item: unknown): Entry {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) {
    throw new AddressError('not an object with "internal"');
  }
  const { internal, external, name, protocol, ca, verify, ...others } = item as Record<string, unknown>;
  const [odd] = Object.keys(others);
  if (odd !== undefined) throw new AddressError(`"${odd}" is none of its members: ${MEMBERS.join(', ')}`);
  if (typeof internal !== 'string') throw new AddressError('"internal" is not a text');
  if (name !== undefined && (typeof name !== 'string' || name === '')) {
    throw new AddressError('"name" is not a text');
  }
  if (protocol !== undefined && !PROTOCOLS.includes(protocol)) {
    throw new AddressError('"protocol" is not "auto", "5" or "3.1.1"');
  }
  return {
    internal,
    external: readExternal(external),
    name: name ?? null,
    protocol: (protocol as ProtocolChoice | undefined) ?? 'auto',
    tls: readTls(ca, verify),
  };
}

function readTls(ca: unknown, verify: unknown): Entry['tls'] {
  if (ca !== undefined && (typeof ca !== 'string' || !isCertificate(ca))) {
    throw new AddressError('"ca" is not a certificate as PEM text');
  }
  if (verify !== undefined && typeof verify !== 'boolean')
    throw new AddressError('"verify" is not true or false');
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(verify === undefined ? {} : { rejectUnauthorized: verify }),
  };
}

function readExternal(value: unknown): readonly string[] | null {
  if (value === undefined) return null;
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
    throw new AddressError('"external" is not a list of texts');
  }
  return value;
}
