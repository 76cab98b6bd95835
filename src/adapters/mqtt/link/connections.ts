import type { BrokerDefinition } from '../address/broker-address.ts';
import { BrokerConnection, type ConnectionOptions } from './broker-connection.ts';

/** The ways to all brokers of the list, and to those that have left it but are still connected. */
export class Connections {
  readonly #options: ConnectionOptions;
  #connections: BrokerConnection[] = [];

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /** In the order of the list. A broker that was in the last list as it is in this one keeps its connection. */
  use(brokers: readonly BrokerDefinition[]): BrokerConnection[] {
    const known = this.#connections;
    const used = brokers.map((broker) => {
      const same = known.find((connection) => isSameBroker(connection.broker, broker));
      // What clients are told may have changed.
      if (same !== undefined) same.broker = broker;
      return same ?? new BrokerConnection(broker, this.#options);
    });
    this.#connections = [...new Set([...used, ...known.filter(({ isOpen }) => isOpen)])];
    return used;
  }

  list(): readonly BrokerConnection[] {
    return this.#connections;
  }
}

function isSameBroker(a: BrokerDefinition, b: BrokerDefinition): boolean {
  return a === b || connectionOf(a) === connectionOf(b);
}

function connectionOf(broker: BrokerDefinition): string {
  const { name, protocol, persistent } = broker;
  return JSON.stringify({ name, protocol, persistent, internal: broker.internal() });
}
