import type { Route } from './route.ts';
import { ROUTES } from './routes.ts';

/** A route with the raw, still escaped parameters of a path. */
export interface RouteMatch {
  readonly route: Route;
  readonly id?: string;
  readonly domain64?: string;
  readonly job?: string;
}

interface Pattern {
  readonly route: Route;
  readonly pattern: RegExp;
}

function patternOf(route: Route): Pattern {
  const path = route.path
    .replace('{id}', '(?<id>[^/]+)')
    .replace('{job}', '(?<job>[^/]+)')
    .replace('{domain64}', '(?<domain64>.*)');
  const end = route.path.endsWith('{domain64}') ? '' : '/?';
  // As Express routes: what it hands to an `http in` node must not get past us.
  return { route, pattern: new RegExp(`^${path}${end}$`, 'i') };
}

/** By the method and the first word after `/api`: what is tried for each call is a few. */
const patterns = new Map<string, readonly Pattern[]>();
for (const route of ROUTES) {
  for (const method of route.methods) {
    const place = placeOf(method, route.path);
    patterns.set(place, [...(patterns.get(place) ?? []), patternOf(route)]);
  }
}

function placeOf(method: string, path: string): string {
  const [, , word = ''] = path.split('/', 3);
  return `${method} ${word.toLowerCase()}`;
}

/**
 * The route of a method and raw path (from `/api` on, without the query), whatever order the routes were registered
 * in. Null where no route of ours fits: that is Node-RED's 404, or 405 where the path has other methods.
 */
export function matchRoute(method: string, path: string): RouteMatch | null {
  let plain: RouteMatch | null = null;
  for (const { route, pattern } of patterns.get(placeOf(method === 'HEAD' ? 'GET' : method, path)) ?? []) {
    const found = pattern.exec(path);
    if (found === null) continue;
    const match: RouteMatch = { route, ...found.groups };
    // `…/config` may also be the tail of a domain's base64: then what stands before it decodes to nothing.
    if (match.domain64 === undefined || decodeDomain(match.domain64) !== null) return match;
    plain ??= match;
  }
  return plain;
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
