import { matchRoute } from './match-route.ts';
import { hasValidId } from './parse-request.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** The methods of a raw path, for who asked with another one; empty: it is no path of ours. */
export function methodsAt(path: string): readonly string[] {
  return METHODS.filter((method) => {
    const match = matchRoute(method, path);
    return match !== null && hasValidId(match);
  });
}
