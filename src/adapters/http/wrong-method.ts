import type { ServerResponse } from 'node:http';
import { RipeError } from '../../domain/errors.ts';
import { methodsAt } from '../../domain/rest/methods-at.ts';
import type { ExpressRequest } from './api-middleware.ts';
import { refuse } from './refuse.ts';

/**
 * To be used behind the routes of all `http in` nodes: what nobody has answered so far at a path of RIPE's asks with a
 * method that the path does not have (protocol §2). At other paths, and where an `http in` node is missing, it passes.
 */
export function refuseWrongMethod(request: ExpressRequest, response: ServerResponse, next: () => void): void {
  const methods = methodsAt(request.path);
  if (methods.length === 0 || methods.includes(request.method ?? '')) next();
  else refuse(response, new RipeError('RIPE_METHOD_NOT_ALLOWED', { methods: methods.join(', ') }));
}
