import type { ServerResponse } from 'node:http';
import { RipeError } from '../../domain/errors.ts';
import { methodsAt } from '../../domain/rest/methods-at.ts';
import type { ExpressRequest } from './api-middleware.ts';
import { refuse } from './refuse.ts';

/**
 * To be used behind the routes of all `http in` nodes, for what nobody has answered so far at a path of RIPE's: it asks with a
 * method that the path does not have (protocol §2), or there are no nodes yet, or none any more. `isServed`: whether flows
 * are running; where one of them has no `http in` for a route, as at other paths, it passes.
 */
export function refuseUnanswered(isServed: () => boolean) {
  return (request: ExpressRequest, response: ServerResponse, next: () => void): void => {
    const methods = methodsAt(request.path);
    if (methods.length === 0) next();
    else if (!methods.includes(request.method ?? ''))
      refuse(response, new RipeError('RIPE_METHOD_NOT_ALLOWED', { methods: methods.join(', ') }));
    else if (isServed()) next();
    else refuse(response, new RipeError('RIPE_STARTING'));
  };
}
