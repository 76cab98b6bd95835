import type { NodeAPI } from 'node-red';
import type { Garden } from '../../src/adapters/garden/garden.ts';
import type { BrokerDefinition } from '../../src/adapters/mqtt/address/broker-address.ts';
import { RipeError } from '../../src/domain/errors.ts';
import type { NodeService, ServiceNode } from './define-node.ts';

/** What ripe-broker offers to a pool. */
export interface BrokerService extends NodeService {
  /** The broker; the embedded one exists only in a garden. */
  define(garden: Garden | undefined): BrokerDefinition | undefined;
}

/** The brokers of a list of config node ids, in that order of preference. */
export function findBrokers(
  RED: NodeAPI,
  ids: readonly unknown[],
  garden: Garden | undefined,
): BrokerDefinition[] {
  return ids.map((id, index) => {
    const node = RED.nodes.getNode(String(id)) as ServiceNode<BrokerService> | null;
    const broker = node?.service?.define(garden);
    if (broker !== undefined) return broker;
    const reason =
      node?.service === undefined
        ? `entry ${index + 1} is not configured`
        : `entry ${index + 1}: the embedded broker needs a ripe-garden`;
    throw new RipeError('RIPE_BROKER_INVALID', { reason });
  });
}
