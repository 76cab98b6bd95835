import type { IncomingMessage, ServerResponse } from 'node:http';
import { RipeError } from '../../domain/errors.ts';
import { matchRoute, type RouteMatch } from '../../domain/rest/match-route.ts';
import { hasValidId } from '../../domain/rest/parse-request.ts';
import { hasBody, releaseBody } from './own-bodies.ts';
import { readBody } from './read-body.ts';
import { refuse } from './refuse.ts';

/** A call of one of RIPE's routes, taken from its request before any node could see it. */
export interface TakenCall {
  readonly match: RouteMatch;
  readonly query: URLSearchParams;
  readonly key: string | undefined;
  readonly bearer: string | undefined;
  readonly bodyText: string;
}

export interface ExpressRequest extends IncomingMessage {
  /** As Express routes by: what it hands to an `http in` node must not get past us. */
  readonly path: string;
  body?: unknown;
  /** Tells body parsers, those of `http in` among them, that the body has been read. */
  _body?: boolean;
}

const BODY_SECONDS = 10;
const NO_QUERY = new URLSearchParams();
const calls = new WeakMap<IncomingMessage, TakenCall>();

/** The call that the middleware took from this request; undefined for other paths. */
export function takenCall(request: IncomingMessage): TakenCall | undefined {
  return calls.get(request);
}

/**
 * To be used before any `http in` node registers. Those parse bodies before a node sees them and
 * answer malformed JSON with 500, so it reads the body of RIPE's own routes as text, and answers 400, 404, 413 and
 * 415 itself. Keys, tokens and bodies leave the request here: no message, debug node or log can show them.
 */
export function createApiMiddleware({ bodySeconds = BODY_SECONDS } = {}) {
  return (request: ExpressRequest, response: ServerResponse, next: () => void): void =>
    takeCall(request, response, next, bodySeconds);
}

function takeCall(
  request: ExpressRequest,
  response: ServerResponse,
  next: () => void,
  bodySeconds: number,
): void {
  const { path: rawPath } = request;
  if (!isDecodable(rawPath)) {
    refuse(response, new RipeError('RIPE_PATH_INVALID'));
    return;
  }
  const match = matchRoute(request.method ?? '', rawPath);
  if (match === null) {
    releaseBody(request);
    next();
    return;
  }
  if (!hasValidId(match)) {
    // As for an unknown path (protocol §2): a sensor's id is a 32-bit integer, or the path is none of ours.
    response.writeHead(404).end();
    return;
  }
  const secrets = takeSecrets(request);
  const go = (bodyText: string) => {
    request.body = {};
    request._body = true;
    calls.set(request, { match, query: queryOf(request.url), ...secrets, bodyText });
    next();
  };
  // A body where none is expected is read and thrown away, within the same limits; most calls have none.
  const isExpected = match.route.body !== undefined;
  if (!isExpected && !hasBody(request)) {
    go('');
    return;
  }
  readBody(request, { anyType: !isExpected, seconds: bodySeconds }).then(
    (text) => go(isExpected ? text : ''),
    (error: unknown) => refuse(response, error),
  );
}

function queryOf(url = ''): URLSearchParams {
  const place = url.indexOf('?');
  return place < 0 ? NO_QUERY : new URLSearchParams(url.slice(place + 1));
}

function takeSecrets(request: ExpressRequest): Pick<TakenCall, 'key' | 'bearer'> {
  const key = takeHeader(request, 'x-key');
  const authorization = takeHeader(request, 'authorization');
  return { key, bearer: authorization && /^Bearer +(\S+)$/i.exec(authorization)?.[1] };
}

function takeHeader(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  if (value === undefined) return undefined;
  delete request.headers[name];
  const { rawHeaders } = request;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    // It stays, without its value: Node.js counts on their number when it makes headersDistinct of them.
    if (rawHeaders[i]?.toLowerCase() === name) rawHeaders[i + 1] = '';
  }
  return Array.isArray(value) ? value[0] : value;
}

function isDecodable(path: string): boolean {
  if (!path.includes('%')) return true;
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}
