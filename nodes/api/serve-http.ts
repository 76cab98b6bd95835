import type { ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { NodeAPI } from 'node-red';
import { createSteadyClock } from '../../src/adapters/clock/system-clock.ts';
import { apiDoc } from '../../src/adapters/http/api-doc.ts';
import { createApiMiddleware, type ExpressRequest } from '../../src/adapters/http/api-middleware.ts';
import { apiWall } from '../../src/adapters/http/api-wall.ts';
import { hardenServer } from '../../src/adapters/http/harden-server.ts';
import { inTurn } from '../../src/adapters/http/in-turn.ts';
import { isBelow, keepBodies } from '../../src/adapters/http/own-bodies.ts';
import { refuseUnanswered } from '../../src/adapters/http/unanswered.ts';
import { openApiDocument } from '../../src/domain/rest/openapi.ts';
import { ROUTES } from '../../src/domain/rest/routes.ts';
import { ripeSettings } from '../shared/settings.ts';
import { addressOf, corsOrigins, httpLimits, isProxy } from '../shared/wall-settings.ts';

const { version } = createRequire(import.meta.url)('@ripe-iot/node-red-ripe/package.json') as {
  version: string;
};
const PLACES = ['/api', '/metrics'];
const DOC_FOLDER = path.join(import.meta.dirname, 'doc');
/** Node-RED starts anew in one process with the same or another app: each gets the middleware once. */
const served = new WeakSet<object>();

/** What Express says of an app that is mounted in another one. */
interface Mounted {
  readonly parent?: { use(path: string, handler: ReturnType<typeof refuseUnanswered>): void };
  readonly mountpath: string;
}

/** What RIPE puts before the routes of all `http in` nodes, and, where settings.js says so, before the whole server. */
export function serveHttp(RED: NodeAPI): void {
  if (typeof RED.httpNode?.use !== 'function' || served.has(RED.httpNode)) return;
  served.add(RED.httpNode);
  const limits = httpLimits(RED);
  const wall = apiWall({ limits, addressOf: addressOf(RED), corsOrigins: corsOrigins(RED) });
  const take = createApiMiddleware(limits);
  // One for all, mounted nowhere: below a mounted path Express takes each request's URL apart, and together again.
  RED.httpNode.use((request: ExpressRequest, response: ServerResponse, next: () => void) => {
    if (isBelow(PLACES, request.path)) {
      inTurn(request, response, () => wall(request, response, () => take(request, response, next)));
    } else next();
  });
  RED.httpNode.use('/api/doc', apiDoc({ folder: DOC_FOLDER, document: openApiDocument(ROUTES, version) }));
  const { parent: outer, mountpath } = RED.httpNode as unknown as Mounted;
  outer?.use(mountpath, refuseUnanswered(areFlowsRunning(RED)));
  // A Node-RED within somebody's own program may have neither.
  const { httpNodeRoot = '/' } = RED.settings as { httpNodeRoot?: string | false };
  if (RED.server && httpNodeRoot !== false) {
    const root = httpNodeRoot.replace(/\/+$/, '').toLowerCase();
    keepBodies(
      RED.server,
      PLACES.map((place) => root + place),
    );
  }
  if (ripeSettings(RED).hardenServer === true) {
    hardenServer(RED.server, { limits, clock: createSteadyClock(), isProxy: isProxy(RED) });
  }
}

/** Node-RED listens before it has made the nodes of the flow, and while it makes others of them. */
function areFlowsRunning({ events }: NodeAPI): () => boolean {
  let areRunning = false;
  events.on('flows:started', () => {
    areRunning = true;
  });
  for (const event of ['flows:stopping', 'flows:stopped', 'flows:starting'])
    events.on(event, () => {
      areRunning = false;
    });
  return () => areRunning;
}
