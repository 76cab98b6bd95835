import type { Request, Response } from 'express';
import type { NodeAPI } from 'node-red';
import type { Garden } from '../../src/adapters/garden/garden.ts';
import { fieldError, RipeError, textOf } from '../../src/domain/errors.ts';
import { isObject } from '../../src/domain/json.ts';
import { localeOf } from '../../src/domain/time/zones.ts';
import type { ServiceNode } from '../shared/define-node.ts';
import type { GardenService } from '../shared/find-garden.ts';
import { type Body, keyOf, stopWork, usePlugin } from './actions.ts';
import { choicesOf } from './choices.ts';
import type { FlowCopy } from './flow-copy.ts';
import { overviewOf } from './overview.ts';

/** Whoever may see the editor may see the garden; whoever may deploy may act on it. */
const MAY_READ = 'flows.read';
const MAY_WRITE = 'flows.write';
const MOST_SENSORS = 200;

interface GardenNode extends ServiceNode<GardenService> {
  readonly type: string;
  readonly name?: string;
}

/**
 * What RIPE's dialogs and its sidebar ask for. No answer holds a key, and Node-RED itself refuses who has no right to
 * ask: reading and acting are two permissions.
 */
export function offerEditorRoutes(RED: NodeAPI, flowCopy: FlowCopy): void {
  const { httpAdmin, auth } = RED;
  httpAdmin.get('/ripe/gardens', auth.needsPermission(MAY_READ), (_request, response) => {
    response.json(gardenNodes(RED).map(({ id, name }) => ({ id, name: name ?? '' })));
  });
  httpAdmin.get('/ripe/gardens/:id/choices', auth.needsPermission(MAY_READ), (request, response) => {
    answer(RED, request, response, (garden) => choicesOf(garden));
  });
  httpAdmin.get('/ripe/gardens/:id', auth.needsPermission(MAY_READ), (request, response) => {
    const { find } = request.query;
    const search = { find: typeof find === 'string' ? find : '', most: MOST_SENSORS };
    const locale = localeOf(request.headers['accept-language']);
    answer(RED, request, response, (garden) => ({
      ...overviewOf(garden, search, locale),
      flow: flowCopy.notice(),
    }));
  });
  const offer = (place: string, work: (garden: Garden, body: Body) => unknown) =>
    httpAdmin.post(`/ripe/gardens/:id/${place}`, auth.needsPermission(MAY_WRITE), (request, response) => {
      answer(RED, request, response, (garden) => work(garden, bodyOf(request)));
    });
  offer('stop', stopWork);
  offer('plugins', usePlugin);
  offer('key', keyOf);
}

function gardenNodes(RED: NodeAPI): GardenNode[] {
  const found: GardenNode[] = [];
  RED.nodes.eachNode(({ id, type }) => {
    const node = type === 'ripe-garden' ? (RED.nodes.getNode(id) as GardenNode | null) : null;
    if (node?.service !== undefined) found.push(node);
  });
  return found;
}

function bodyOf({ body }: Request): Body {
  if (!isObject(body)) throw fieldError('body', 'must be an object');
  return body;
}

function answer(RED: NodeAPI, request: Request, response: Response, work: (garden: Garden) => unknown): void {
  const respond = async () => {
    const node = RED.nodes.getNode(request.params['id'] ?? '') as GardenNode | null;
    if (node?.type !== 'ripe-garden' || node.service === undefined) {
      response.status(404).json({ error: 'There is no such garden, or it is not deployed' });
      return;
    }
    response.set('cache-control', 'no-store').json((await work(node.service.garden)) ?? {});
  };
  respond().catch((error: unknown) => {
    if (error instanceof RipeError) {
      response.status(error.status).json({ error: error.message, code: error.code });
      return;
    }
    RED.log.error(`RIPE: ${request.path}: ${textOf(error)}`);
    response.status(500).json({ error: 'Internal error' });
  });
}
