import Type from 'typebox';
import { compileCheck } from '../check.ts';
import { fieldError } from '../errors.ts';
import { matchRoute } from './match-route.ts';
import { type Doorkeeper, hasValidId, parseRequest } from './parse-request.ts';
import type { ApiRequest } from './request.ts';

/** `msg.call`: a call of a REST route that comes over a wire, e.g. of the dashboard. */
const WireCall = Type.Object(
  {
    method: Type.String({ maxLength: 8 }),
    /** As after the host of a URL, with its query. */
    path: Type.String({ maxLength: 2_048 }),
    body: Type.Optional(Type.Unknown()),
    /** IANA zone; absent: UTC. */
    timeZone: Type.Optional(Type.String({ maxLength: 64 })),
    /** As Accept-Language. */
    locale: Type.Optional(Type.String({ maxLength: 128 })),
    /** By which name the caller reaches RIPE: what newly registered sensors are told. */
    host: Type.Optional(Type.String({ maxLength: 255 })),
  },
  { additionalProperties: false },
);

const checkCall = compileCheck(WireCall, 'call');

/** Whoever may wire nodes may do everything: no key and no token is asked for. */
const OPEN_DOOR: Doorkeeper = {
  keys: { check: () => true, isCurrent: () => true },
  registration: 'open',
  isAdministrator: () => true,
  mayReadMetrics: () => true,
};

/** Checks a call as one over HTTP is checked, but for its key; throws a RipeError that names what is wrong. */
export function parseWireCall(value: unknown): ApiRequest {
  const { method, path, body, timeZone, locale, host } = checkCall(value);
  const [place = '', query = ''] = path.split('?', 2);
  const match = matchRoute(method.toUpperCase(), place);
  if (match === null || !hasValidId(match)) throw fieldError('call.path', `is no route: ${method} ${place}`);
  // What happens comes out of the runtime's output for events.
  if (match.route.isStream) throw fieldError('call.path', `is a stream, for HTTP only: ${place}`);
  const headers = { 'x-tz': timeZone, 'accept-language': locale, host };
  const bodyText = body === undefined ? '' : JSON.stringify(body);
  const call = { match, query: new URLSearchParams(query), headers, key: '', bearer: undefined, bodyText };
  return parseRequest(call, OPEN_DOOR);
}
