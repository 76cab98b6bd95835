import type { IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { NodeAPI } from 'node-red';
import { within } from '../../src/adapters/clock/within.ts';
import type { Garden } from '../../src/adapters/garden/garden.ts';
import { apiDoc } from '../../src/adapters/http/api-doc.ts';
import { apiMiddleware, takenCall } from '../../src/adapters/http/api-middleware.ts';
import { fieldError, RipeError } from '../../src/domain/errors.ts';
import { openApiDocument } from '../../src/domain/rest/openapi.ts';
import { parseRequest } from '../../src/domain/rest/parse-request.ts';
import type { ApiRequest } from '../../src/domain/rest/request.ts';
import { ROUTES } from '../../src/domain/rest/routes.ts';
import { parseWireCall } from '../../src/domain/rest/wire-call.ts';
import { defineNode, type NodeContext, type NodeService, textOf } from '../shared/define-node.ts';
import { requiredGarden } from '../shared/find-garden.ts';
import { errorReply } from '../shared/reply.ts';

interface ApiConfig {
  readonly garden: unknown;
}

const { version } = createRequire(import.meta.url)('@ripe-iot/node-red-ripe/package.json') as {
  version: string;
};
const DOC_FOLDER = path.join(import.meta.dirname, 'doc');
const START_MS = 10_000;
const SHOW_EVERY_MS = 2_000;
/** Node-RED starts anew in one process with the same or another app: each gets the middleware once. */
const served = new WeakSet<object>();

export default function register(RED: NodeAPI): void {
  // Here, not in the node: it has to stand before the routes of all `http in` nodes.
  if (typeof RED.httpNode?.use === 'function' && !served.has(RED.httpNode)) {
    served.add(RED.httpNode);
    RED.httpNode.use('/api/doc', apiDoc({ folder: DOC_FOLDER, document: openApiDocument(ROUTES, version) }));
    RED.httpNode.use('/api', apiMiddleware);
  }
  defineNode<ApiConfig, NodeService>(RED, {
    type: 'ripe-api',
    parse: (def) => ({ garden: def['garden'] }),
    start,
  });
}

function start(context: NodeContext<ApiConfig>): NodeService {
  const garden = requiredGarden(context.RED, context.config.garden);
  let requests = 0;
  let shown = -1;
  const show = () => {
    if (requests !== shown) context.status('ok', 'ready', { requests });
    shown = requests;
  };
  show();
  const timer = setInterval(show, SHOW_EVERY_MS);
  garden.ready.catch((error) => {
    clearInterval(timer);
    context.status('failed', 'failed', { reason: textOf(error) });
  });
  return {
    async input(message) {
      requests += 1;
      await answer(context, garden, message);
    },
    stop: () => clearInterval(timer),
  };
}

async function answer(
  context: NodeContext<ApiConfig>,
  garden: Garden,
  message: Record<string, unknown>,
): Promise<void> {
  const { call, ...rest } = message;
  try {
    const request = await readRequest(garden, rest['req'] as IncomingMessage | undefined, call);
    context.send({ ...rest, request });
  } catch (error) {
    context.send(undefined, { ...rest, ...errorReply(error, context.log) });
  }
}

/** What came over HTTP is judged by that, whatever else its message says. */
async function readRequest(
  garden: Garden,
  req: IncomingMessage | undefined,
  wireCall: unknown,
): Promise<ApiRequest> {
  if (req === undefined && wireCall !== undefined) {
    await whenReady(garden);
    return parseWireCall(wireCall);
  }
  const call = req === undefined ? undefined : takenCall(req);
  if (req === undefined || call === undefined) {
    throw fieldError('req', "must be a request of an http in node at one of RIPE's routes");
  }
  await whenReady(garden);
  return parseRequest({ ...call, headers: req.headers as Record<string, string | undefined> }, garden);
}

/** Until the keys are there every sensor would look unknown, which clients take for wrong credentials. */
async function whenReady(garden: Garden): Promise<void> {
  try {
    await within(garden.ready, START_MS);
  } catch (error) {
    throw new RipeError('RIPE_STARTING', {}, error);
  }
}
