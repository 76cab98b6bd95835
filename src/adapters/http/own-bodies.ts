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
export const targetOf = (url = ''): string => url.replace(ORIGIN, '');

/**
 * A new Node-RED has its editor at `/`, and the editor parses every body that comes by, also one that is not for it. This keeps
 * it off the bodies of requests below `places` (paths in small letters, without a slash at their end), so that whoever is behind can read them.
 */
export function keepBodies(server: Server, places: readonly string[]): void {
  if (served.has(server)) return;
  served.add(server);
  server.prependListener('request', (request: ParsedRequest) => {
    const [path = ''] = targetOf(request.url).toLowerCase().split('?');
    if (!places.some((place) => path === place || path.startsWith(`${place}/`))) return;
    request._body = true;
    kept.add(request);
  });
}

/** Lets parsers have a body after all. */
export function releaseBody(request: ParsedRequest): void {
  if (kept.delete(request)) delete request._body;
}
