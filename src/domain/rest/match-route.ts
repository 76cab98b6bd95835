import type { Method, Route } from './route.ts';
import { ROUTES } from './routes.ts';

/** A route with the raw, still escaped parameters of a path. */
export interface RouteMatch {
  readonly route: Route;
  readonly id?: string;
  readonly domain64?: string;
  readonly job?: string;
}

const patterns = ROUTES.map((route) => ({
  route,
  pattern: new RegExp(
    `^${route.path
      .replace('{id}', '(?<id>[^/]+)')
      .replace('{job}', '(?<job>[^/]+)')
      .replace('{domain64}', '(?<domain64>.+)')}${route.path.endsWith('{domain64}') ? '' : '/?'}$`,
    // As Express routes: what it hands to an `http in` node must not get past us.
    'i',
  ),
}));

/**
 * The route of a method and raw path (from `/api` on, without the query), whatever order the routes were registered
 * in. Null where no route of ours fits: that is Node-RED's 404.
 */
export function matchRoute(method: string, path: string): RouteMatch | null {
  let plain: RouteMatch | null = null;
  for (const { route, pattern } of patterns) {
    if (!route.methods.includes(asMethod(method))) continue;
    const groups = pattern.exec(path)?.groups;
    if (groups === undefined && !pattern.test(path)) continue;
    const match: RouteMatch = { route, ...groups };
    // `…/config` may also be the tail of a domain's base64: then what stands before it decodes to nothing.
    if (match.domain64 === undefined || decodeDomain(match.domain64) !== null) return match;
    plain ??= match;
  }
  return plain;
}

function asMethod(method: string): Method {
  return (method === 'HEAD' ? 'GET' : method) as Method;
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** A domain out of a path (protocol §2.2): base64 with padding, where `=`, `+` and `/` may be escaped; else null. */
export function decodeDomain(raw: string): string | null {
  try {
    const base64 = decodeURIComponent(raw);
    if (base64 === '' || !BASE64.test(base64)) return null;
    return utf8.decode(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
  } catch {
    return null;
  }
}
