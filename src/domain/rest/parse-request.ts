import type { TSchema } from 'typebox';
import { type Check, compileCheck } from '../check.ts';
import { fieldError, RipeError } from '../errors.ts';
import type { KeyRing } from '../sensor/keys.ts';
import { localeOf, zoneOrUtc } from '../time/zones.ts';
import type { DeleteSensorBody } from './bodies.ts';
import { decodeDomain, type RouteMatch } from './match-route.ts';
import { prefersCsv } from './media-type.ts';
import { parseQuery } from './parse-query.ts';
import type { ApiRequest } from './request.ts';
import type { Operation, Route } from './route.ts';
import { ROUTES } from './routes.ts';

/** A call of a route, as it came over HTTP. */
export interface HttpCall {
  readonly match: RouteMatch;
  readonly query: URLSearchParams;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly key: string | undefined;
  /** Of `Authorization: Bearer`. */
  readonly bearer: string | undefined;
  readonly bodyText: string;
}

export type Registration = 'open' | 'token' | 'closed';

export interface Doorkeeper {
  readonly keys: Pick<KeyRing, 'check' | 'isCurrent'>;
  readonly registration: Registration;
  isAdministrator(token: string | undefined): boolean;
  /** Whether this token, or the administrator's, opens the metrics. */
  mayReadMetrics(token: string | undefined): boolean;
}

const checks = new Map<Operation, Check<TSchema>>();
for (const route of ROUTES) {
  if (route.body !== undefined) checks.set(route.operation, compileCheck(route.body, 'body'));
}

/** Whether the path names a sensor as it should: an `{id}` that is no 32-bit integer is no path at all (404). */
export function hasValidId(match: RouteMatch): boolean {
  return match.id === undefined || sensorId(match.id) !== null;
}

/** Checks a call and turns it into a request for the runtime; throws a RipeError that names what is wrong. */
export function parseRequest(call: HttpCall, door: Doorkeeper): ApiRequest {
  const { route } = call.match;
  const body = readBody(route, call.bodyText);
  const sensor = admit(route, call, body, door);
  return {
    operation: route.operation,
    ...(sensor === undefined ? {} : { sensor }),
    ...(call.match.domain64 === undefined ? {} : { domain: domainOf(call.match.domain64) }),
    ...(call.match.job === undefined ? {} : { job: call.match.job }),
    ...parseQuery(route, call.query),
    ...(route.isStream ? lastEventOf(call.headers['last-event-id']) : {}),
    ...(route.hasCsv && prefersCsv(call.headers['accept']) ? { format: 'csv' as const } : {}),
    ...(body === undefined ? {} : { body: withoutKey(route, body) }),
    timeZone: zoneOrUtc(call.headers['x-tz']),
    locale: localeOf(call.headers['accept-language']),
    host: hostName(call.headers['host']),
    client: /ESP8266HTTPClient/.test(call.headers['user-agent'] ?? '') ? 'esp8266' : 'other',
  };
}

/** No message on a wire carries a key: once it has been checked, a body loses it. */
function withoutKey(route: Route, body: unknown): unknown {
  if (route.access !== 'keyInBody') return body;
  const { key: _key, ...rest } = body as DeleteSensorBody;
  return rest;
}

/** Lets the caller in, or throws; returns the sensor that the route is about. */
function admit(route: Route, call: HttpCall, body: unknown, door: Doorkeeper): number | undefined {
  switch (route.access) {
    case 'anybody':
      return undefined;
    case 'key':
      return checkedSensor(sensorId(call.match.id ?? ''), call.key, door);
    case 'presentKey': {
      const id = sensorId(call.match.id ?? '');
      if (id !== null && door.isAdministrator(call.bearer)) return id;
      return presentSensor(id, call.key, door);
    }
    case 'keyInBody': {
      const { id, key } = body as DeleteSensorBody;
      return presentSensor(id, key, door);
    }
    case 'registration':
      if (door.registration === 'closed') throw new RipeError('RIPE_REGISTRATION_CLOSED');
      if (door.registration === 'token') requireAdministrator(call, door);
      return undefined;
    case 'administrator':
      requireAdministrator(call, door);
      return undefined;
    case 'metrics':
      if (!door.mayReadMetrics(call.bearer)) throw new RipeError('RIPE_AUTH_ADMIN');
      return undefined;
  }
}

function requireAdministrator(call: HttpCall, door: Doorkeeper): void {
  if (!door.isAdministrator(call.bearer)) throw new RipeError('RIPE_AUTH_ADMIN');
}

function checkedSensor(id: number | null, key: string | undefined, door: Doorkeeper): number {
  if (id === null || key === undefined || !door.keys.check(id, key)) throw new RipeError('RIPE_AUTH_SENSOR');
  return id;
}

/** A former key is none here: whoever stole it could lock the owner out, or delete everything. */
function presentSensor(id: number | null, key: string | undefined, door: Doorkeeper): number {
  if (id === null || key === undefined || !door.keys.isCurrent(id, key))
    throw new RipeError('RIPE_AUTH_SENSOR');
  return id;
}

function sensorId(text: string): number | null {
  if (!/^[+-]?\d{1,20}$/.test(text)) return null;
  const id = Number(text);
  return id >= -2_147_483_648 && id <= 2_147_483_647 ? id : null;
}

function domainOf(raw: string): string {
  const domain = decodeDomain(raw);
  if (domain === null) throw new RipeError('RIPE_AUTH_SENSOR', { of: 'domain' });
  return domain;
}

function readBody(route: Route, text: string): unknown {
  const check = checks.get(route.operation);
  if (check === undefined) return undefined;
  const body = check(parseJson(text));
  refuseUnspeakableTexts(body);
  return body;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new RipeError('RIPE_BODY_JSON', {}, error);
  }
}

const CONTROL_CHARACTER = /\p{Cc}/u;

/** JSON can spell half a character and control characters, which no topic, path or label can hold. */
function refuseUnspeakableTexts(body: unknown): void {
  for (const [field, value] of Object.entries(body as object)) {
    if (typeof value !== 'string') continue;
    if (!value.isWellFormed()) throw fieldError(field, 'is not valid Unicode');
    if (CONTROL_CHARACTER.test(value)) throw fieldError(field, 'must not contain control characters');
  }
}

function lastEventOf(id: string | undefined): { lastEventId?: string } {
  return id === undefined ? {} : { lastEventId: id };
}

/** The Host header without its port. */
function hostName(host: string | undefined): string {
  const name = /^(\[[^\]]*\]|[^:]*)/.exec(host ?? '')?.[0] ?? '';
  return name === '' ? 'localhost' : name;
}
