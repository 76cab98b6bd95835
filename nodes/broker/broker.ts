import type { NodeAPI } from 'node-red';
import type { BrokerDefinition } from '../../src/adapters/mqtt/broker-address.ts';
import { defineNode } from '../shared/define-node.ts';
import type { BrokerService } from '../shared/find-brokers.ts';
import { type BrokerConfig, parseBroker } from './config.ts';

export default function register(RED: NodeAPI): void {
  defineNode<BrokerConfig, BrokerService>(RED, {
    type: 'ripe-broker',
    credentials: {
      username: { type: 'text' },
      password: { type: 'password' },
      externalUsername: { type: 'text' },
      externalPassword: { type: 'password' },
    },
    parse: (def, _RED, node) => parseBroker(def, node),
    start: ({ config }) => ({
      define: (garden) => {
        if (config.kind === 'external') return externalBroker(config);
        return garden?.brokers.embeddedBroker(config.name, config.external);
      },
    }),
  });
}

function externalBroker(config: Extract<BrokerConfig, { kind: 'external' }>): BrokerDefinition {
  const { name, internal, external, protocol } = config;
  return { name, internal: () => internal, external, protocol, persistent: true };
}
