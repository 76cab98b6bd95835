import type { IncomingMessage, Server } from 'node:http';

/** What body parsers of Express look at: the body has been read, or is going to be, by somebody else. */
interface ParsedRequest extends IncomingMessage {
  _body?: boolean;
}

/** A request line may name its whole URL; Express routes it all the same. */
const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[^/?]*/i;
const kept = new WeakSet<IncomingMessage>();
const served = new WeakSet<Server>();

/** The path and query of a request line. */
const targetOf = (url = ''): string => (url.startsWith('/') ? url : url.replace(ORIGIN, ''));

/**
 * A new Node-RED has its editor at `/`, and the editor parses every body that comes by, also one that is not for it. This keeps
 * it off the bodies of requests below `places`, so that whoever is behind can read them.
 */
export function keepBodies(server: Server, places: readonly string[]): void {
  if (served.has(server)) return;
  served.add(server);
  server.prependListener('request', (request: ParsedRequest) => {
    if (!hasBody(request) || !isBelow(places, targetOf(request.url))) return;
    request._body = true;
    kept.add(request);
  });
}

/** Whether a path, with or without its query, is one of these places (in small letters, without a slash at their end), or below one. */
export function isBelow(places: readonly string[], path: string): boolean {
  const target = path.toLowerCase();
  return places.some((place) => target.startsWith(place) && isEnd(target[place.length]));
}

const isEnd = (next: string | undefined): boolean => next === undefined || next === '/' || next === '?';

/** Whether a body comes with a request. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return (headers['content-length'] ?? '0') !== '0' || headers['transfer-encoding'] !== undefined;
}

/** Lets parsers have a body after all. */
export function releaseBody(request: ParsedRequest): void {
  if (kept.delete(request)) delete request._body;
}
