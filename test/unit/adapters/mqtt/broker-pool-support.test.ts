import type {
  BrokerDefinition,
  InternalAddress,
  ProtocolChoice,
} from '../../../../src/adapters/mqtt/address/broker-address.ts';
import type { BrokerPoolOptions } from '../../../../src/adapters/mqtt/broker-pool.ts';
import type { IncomingMessage } from '../../../../src/adapters/mqtt/link/broker-link.ts';

// No tests here: what the tests of the broker pool share.

export function definition(
  name: string,
  address: () => Partial<InternalAddress> | null,
  protocol: ProtocolChoice = '3.1.1',
  persistent = false,
): BrokerDefinition {
  const internal = (): InternalAddress | null => {
    const part = address();
    return part === null ? null : { scheme: 'mqtt', host: '127.0.0.1', port: 1883, ...part };
  };
  return { name, internal, external: [], protocol, persistent };
}

/** What a pool has told its owner, in order. */
export class PoolRecord {
  readonly log: string[] = [];
  readonly reasons: string[] = [];
  readonly messages: IncomingMessage[] = [];

  options(brokers: BrokerDefinition[], changes: Partial<BrokerPoolOptions> = {}): BrokerPoolOptions {
    return {
      brokers,
      clientId: 'ripe-pool',
      subscriptions: [{ topic: 'sensor/data/+/+', qos: 2 }],
      connectTimeoutMs: 2_000,
      retryMs: 20,
      onMessage: (message) => this.messages.push(message),
      onConnected: ({ name }, isRestored) =>
        this.log.push(`connected ${name}${isRestored ? ', restored' : ''}`),
      onDisconnected: (broker, { kind, message }) => {
        this.log.push(`disconnected ${broker.name} ${kind}`);
        this.reasons.push(message);
      },
      onFailed: (broker, { kind, message }) => {
        this.log.push(`failed ${broker.name} ${kind}`);
        this.reasons.push(message);
      },
      ...changes,
    };
  }
}
