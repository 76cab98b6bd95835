import type { IncomingMessage } from 'node:http';
import type { NodeAPI } from 'node-red';
import { within } from '../../src/adapters/clock/within.ts';
import type { Garden } from '../../src/adapters/garden/garden.ts';
import { takenCall } from '../../src/adapters/http/api-middleware.ts';
import type { AddressOf } from '../../src/adapters/wall/client-address.ts';
import { fieldError, RipeError, textOf } from '../../src/domain/errors.ts';
import { isObject } from '../../src/domain/json.ts';
import { parseRequest } from '../../src/domain/rest/parse-request.ts';
import type { ApiRequest } from '../../src/domain/rest/request.ts';
import { parseWireCall } from '../../src/domain/rest/wire-call.ts';
import { defineNode, type NodeContext, type NodeService } from '../shared/define-node.ts';
import { requiredGarden } from '../shared/find-garden.ts';
import { errorReply, type HttpReply, reply } from '../shared/reply.ts';
import { addressOf } from '../shared/wall-settings.ts';
import { serveHttp } from './serve-http.ts';

interface ApiConfig {
  readonly garden: unknown;
}

const START_MS = 10_000;
const SHOW_EVERY_MS = 2_000;

export default function register(RED: NodeAPI): void {
  // Here, not in the node: it has to stand before the routes of all `http in` nodes.
  serveHttp(RED);
  defineNode<ApiConfig, NodeService>(RED, {
    type: 'ripe-api',
    parse: (def) => ({ garden: def['garden'] }),
    start,
  });
}

function start(context: NodeContext<ApiConfig>): NodeService {
  const garden = requiredGarden(context.RED, context.config.garden);
  const from = addressOf(context.RED);
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
    input(message) {
      requests += 1;
      return answer(context, { garden, from }, message);
    },
    stop: () => clearInterval(timer),
  };
}

interface Gate {
  readonly garden: Garden;
  /** Where a request comes from. */
  readonly from: AddressOf;
}

/** Without a further turn where nothing has to wait: what is asked most often is to cost little. */
function answer(
  context: NodeContext<ApiConfig>,
  gate: Gate,
  message: Record<string, unknown>,
): void | Promise<void> {
  const { call, ...rest } = message;
  const req = rest['req'] as IncomingMessage | undefined;
  const pass = (request: ApiRequest) => context.sendOn({ ...rest, request });
  const refuse = (error: unknown) => {
    const refused = errorReply(error, context.log);
    gate.garden.metrics.answered('refused', refused.statusCode);
    context.send(undefined, { ...rest, ...refused });
  };
  const read = () => readRequest(gate, req, call);
  try {
    if (isAboutReadiness(req)) {
      const tell = (told: HttpReply) => context.send(undefined, { ...rest, ...told });
      return readinessReply(gate.garden).then(tell, refuse);
    }
    const request = gate.garden.isReady ? read() : whenReady(gate.garden).then(read);
    if (request instanceof Promise) return request.then(pass, refuse);
    pass(request);
  } catch (error) {
    refuse(error);
  }
  return undefined;
}

/** That is asked of a garden that may not be ready: nobody waits until it is. */
function isAboutReadiness(req: unknown): boolean {
  const call = isObject(req) ? takenCall(req as unknown as IncomingMessage) : undefined;
  return call?.match.route.operation === 'ready';
}

async function readinessReply(garden: Garden): Promise<HttpReply> {
  const body = await garden.readiness();
  return reply({ status: body.ready ? 200 : 503, body });
}

/** What came over HTTP is judged by that, whatever else its message says. */
function readRequest(
  { garden, from }: Gate,
  req: IncomingMessage | undefined,
  wireCall: unknown,
): ApiRequest | Promise<ApiRequest> {
  if (req === undefined && wireCall !== undefined) return parseWireCall(wireCall);
  const call = req === undefined ? undefined : takenCall(req);
  if (req === undefined || call === undefined) {
    throw fieldError('req', "must be a request of an http in node at one of RIPE's routes");
  }
  const headers = req.headers as Record<string, string | undefined>;
  const whole = { ...call, headers };
  return garden.admission.admit(whole, from(req), garden, () => parseRequest(whole, garden));
}

/** Until the keys are there every sensor would look unknown, which clients take for wrong credentials. */
async function whenReady(garden: Garden): Promise<void> {
  try {
    await within(garden.ready, START_MS);
  } catch (error) {
    throw new RipeError('RIPE_STARTING', {}, error);
  }
}
