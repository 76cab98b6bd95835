import type { NodeAPI } from 'node-red';
import type { Garden } from '../../src/adapters/garden/garden.ts';
import { RipeError } from '../../src/domain/errors.ts';
import type { NodeService, ServiceNode } from './define-node.ts';

/** What ripe-garden offers to the nodes that name it. */
export interface GardenService extends NodeService {
  readonly garden: Garden;
}

/**
 * The garden that a node names in its dialog; undefined where it names none. One that it names but that does not
 * work (disabled, or with a bad field) is an error: nobody wants a node that works alone then.
 */
export function optionalGarden(RED: NodeAPI, id: unknown): Garden | undefined {
  if (typeof id !== 'string' || id === '') return undefined;
  const node = RED.nodes.getNode(id) as ServiceNode<GardenService> | null;
  if (node?.service === undefined) throw new RipeError('RIPE_GARDEN_MISSING');
  return node.service.garden;
}

export function requiredGarden(RED: NodeAPI, id: unknown): Garden {
  const garden = optionalGarden(RED, id);
  if (garden === undefined) throw new RipeError('RIPE_GARDEN_MISSING');
  return garden;
}
