import type { IncomingMessage, ServerResponse } from 'node:http';
import { RipeError } from '../../domain/errors.ts';
import { matchRoute, type RouteMatch } from '../../domain/rest/match-route.ts';
import { hasValidId } from '../../domain/rest/parse-request.ts';
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

/** What Express adds below a mounted path: `url` is what follows it. */
export interface MountedRequest extends IncomingMessage {
  body?: unknown;
  /** Tells body parsers, those of `http in` among them, that the body has been read. */
  _body?: boolean;
}

const MOUNTED_AT = '/api';
/** A request line may name its whole URL; Express routes it all the same. */
const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[^/?]*/i;
const BODY_SECONDS = 10;
const calls = new WeakMap<IncomingMessage, TakenCall>();

/** The call that the middleware took from this request; undefined for other paths. */
export function takenCall(request: IncomingMessage): TakenCall | undefined {
  return calls.get(request);
}

/**
 * To be mounted at `/api` before any `http in` node registers. Those parse bodies before a node sees them and
 * answer malformed JSON with 500, so it reads the body of RIPE's own routes as text, and answers 400, 404, 413 and
 * 415 itself. Keys, tokens and bodies leave the request here: no message, debug node or log can show them.
 */
export function createApiMiddleware({ bodySeconds = BODY_SECONDS } = {}) {
  return (request: MountedRequest, response: ServerResponse, next: () => void): void =>
    takeCall(request, response, next, bodySeconds);
}

export const apiMiddleware = createApiMiddleware();

function takeCall(
  request: MountedRequest,
  response: ServerResponse,
  next: () => void,
  bodySeconds: number,
): void {
  const [rawPath = '', rawQuery = ''] = splitOnce((request.url ?? '').replace(ORIGIN, ''), '?');
  if (!isDecodable(rawPath)) {
    refuse(response, new RipeError('RIPE_PATH_INVALID'));
    return;
  }
  const match = matchRoute(request.method ?? '', MOUNTED_AT + (rawPath === '/' ? '' : rawPath));
  if (match === null) {
    next();
    return;
  }
  if (!hasValidId(match)) {
    // As for an unknown path (protocol §2): a sensor's id is a 32-bit integer, or the path is none of ours.
    response.writeHead(404).end();
    return;
  }
  take(request, match, new URLSearchParams(rawQuery), bodySeconds).then(
    () => next(),
    (error: unknown) => refuse(response, error),
  );
}

async function take(
  request: MountedRequest,
  match: RouteMatch,
  query: URLSearchParams,
  seconds: number,
): Promise<void> {
  const key = takeHeader(request, 'x-key');
  const bearer = /^Bearer +(\S+)$/i.exec(takeHeader(request, 'authorization') ?? '')?.[1];
  // A body where none is expected is read and thrown away, within the same limits.
  const isExpected = match.route.body !== undefined;
  const text = await readBody(request, { anyType: !isExpected, seconds });
  const bodyText = isExpected ? text : '';
  request.body = {};
  request._body = true;
  calls.set(request, { match, query, key, bearer, bodyText });
}

function takeHeader(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  delete request.headers[name];
  // Node makes it from rawHeaders when first asked for, and would miss there what is spliced out.
  delete request.headersDistinct[name];
  for (let i = request.rawHeaders.length - 2; i >= 0; i -= 2) {
    if (request.rawHeaders[i]?.toLowerCase() === name) request.rawHeaders.splice(i, 2);
  }
  return Array.isArray(value) ? value[0] : value;
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

function splitOnce(text: string, separator: string): [string, string] {
  const place = text.indexOf(separator);
  return place < 0 ? [text, ''] : [text.slice(0, place), text.slice(place + 1)];
}
