import type { NodeAPI } from 'node-red';
import type { Garden } from '../../src/adapters/garden/garden.ts';
import type { BrokerDefinition } from '../../src/adapters/mqtt/address/broker-address.ts';
import { defineNode } from '../shared/define-node.ts';
import type { BrokerService } from '../shared/find-brokers.ts';
import { type BrokerConfig, parseBroker } from './config.ts';
import { offerConnectionTest } from './connection-test-route.ts';

export default function register(RED: NodeAPI): void {
  offerConnectionTest(RED);
  defineNode<BrokerConfig, BrokerService>(RED, {
    type: 'ripe-broker',
    credentials: {
      username: { type: 'text' },
      password: { type: 'password' },
      externalUsername: { type: 'text' },
      externalPassword: { type: 'password' },
    },
    parse: (def, _RED, node) => parseBroker(def, node),
    start({ config }) {
      const made = new WeakMap<Garden, BrokerDefinition>();
      const external = config.kind === 'external' ? externalBroker(config) : undefined;
      return {
        define(garden) {
          if (external !== undefined || config.kind === 'external' || garden === undefined) return external;
          const broker = made.get(garden) ?? garden.brokers.embeddedBroker(config.name, config.external);
          made.set(garden, broker);
          return broker;
        },
      };
    },
  });
}

function externalBroker(config: Extract<BrokerConfig, { kind: 'external' }>): BrokerDefinition {
  const { name, internal, external, protocol } = config;
  return { name, internal: () => internal, external, protocol, persistent: true };
}
