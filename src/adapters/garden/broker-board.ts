import { type Broker, type BrokerStanding, PLACEHOLDER_CREDENTIALS } from '../../domain/broker/broker.ts';
import type { BrokerDefinition, ExternalAddress, InternalAddress } from '../mqtt/address/broker-address.ts';
import { BrokerStandings } from './broker-standings.ts';

/** The broker in this process, as it runs now. */
export interface EmbeddedAddress {
  readonly port: number;
  readonly username: string;
  readonly password: string;
}

const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[?::1\]?)$/;

/** Which brokers serve a garden now, and what its clients are told of them. */
export class BrokerBoard {
  readonly standings = new BrokerStandings();
  readonly #externalHost: string | null;
  #inService: readonly BrokerDefinition[] = [];
  #embedded: EmbeddedAddress | null = null;

  /** `externalHost`: what clients are told; null: the host by which their HTTP request came in. */
  constructor(externalHost: string | null) {
    this.#externalHost = externalHost;
  }

  /** The brokers at which RIPE is connected and subscribed. */
  serve(brokers: readonly BrokerDefinition[]): void {
    this.#inService = brokers;
  }

  get isInService(): boolean {
    return this.#inService.length > 0;
  }

  setEmbedded(address: EmbeddedAddress | null): void {
    this.#embedded = address;
  }

  /** The embedded broker, by the address and login that it has at the moment of asking. */
  embeddedBroker(name: string, external: readonly ExternalAddress[]): BrokerDefinition {
    const board = this;
    return {
      name,
      internal: () => this.#embeddedInternal(),
      get external(): readonly ExternalAddress[] {
        return external.length > 0 ? external : board.#embeddedExternal();
      },
      protocol: '3.1.1',
      persistent: false,
      expiresByTopic: true,
    };
  }

  /** Every broker of the garden, in the order of preference. */
  list(): BrokerStanding[] {
    return this.standings.all(this.#inService.map(({ name }) => name));
  }

  /** The addresses of protocol §4.1; empty while no broker is in service. */
  addresses(requestHost: string): Broker[] {
    const host = this.#externalHost ?? requestHost;
    return this.#inService.flatMap((broker) => broker.external.map((address) => toldTo(address, host)));
  }

  #embeddedInternal(): InternalAddress | null {
    if (this.#embedded === null) return null;
    return { scheme: 'mqtt', host: '127.0.0.1', ...this.#embedded };
  }

  #embeddedExternal(): readonly ExternalAddress[] {
    // 127.0.0.1 is replaced by the host that clients can reach.
    return this.#embedded === null ? [] : [{ scheme: 'tcp', host: '127.0.0.1', port: this.#embedded.port }];
  }
}

/** A loopback address helps no client: it gets the host by which it reached RIPE. */
function toldTo({ scheme, host, port, username, password }: ExternalAddress, reachable: string): Broker {
  return {
    scheme,
    host: LOOPBACK.test(host) ? reachable : host,
    port,
    credentials: {
      username: username ?? PLACEHOLDER_CREDENTIALS.username,
      password: password ?? PLACEHOLDER_CREDENTIALS.password,
    },
  };
}
