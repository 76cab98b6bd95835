import type { BrokerDefinition } from '../address/broker-address.ts';
import type { BrokerConnection } from '../link/broker-connection.ts';
import type { BrokerError } from '../link/broker-error.ts';
import type { Lane } from '../outbox/lane.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { OpenBroker } from './first-reachable.ts';

export interface ServiceOptions {
  outbox: Outbox;
  /** No broker was in service, or another one: awaited before anything is published there. Must not reject. */
  beforeService(broker: BrokerDefinition): Promise<void>;
  /** `isRestored`: it got what brokers retain from the pool, since others were in service meanwhile. */
  onConnected(broker: BrokerDefinition, isRestored: boolean): void;
  onDisconnected(broker: BrokerDefinition, reason: BrokerError): void;
}

/** A broker with its way out. */
export interface Held extends OpenBroker {
  readonly lane: Lane;
}

/** Which brokers clients are sent to. */
export class Service {
  readonly outbox: Outbox;
  readonly #options: ServiceOptions;
  #serving: readonly BrokerConnection[] = [];

  constructor(options: ServiceOptions) {
    this.outbox = options.outbox;
    this.#options = options;
  }

  get brokers(): readonly BrokerDefinition[] {
    return this.#serving.map(({ broker }) => broker);
  }

  /** The one broker that serves from now on, in place of any other. */
  async switchTo(open: OpenBroker | Held): Promise<Held> {
    const { connection } = open;
    await this.#options.beforeService(connection.broker);
    this.#serving = [connection];
    const lane = 'lane' in open ? open.lane : this.outbox.add(open.link, 'standby', false);
    this.#options.onConnected(connection.broker, false);
    this.outbox.promote(lane);
    return { ...open, lane };
  }

  /** One more broker that serves. */
  async join(open: OpenBroker): Promise<Held> {
    const { connection, link } = open;
    if (this.#serving.length === 0) await this.#options.beforeService(connection.broker);
    const isRestored = this.#serving.length > 0;
    this.#serving = [...this.#serving, connection];
    const lane = this.outbox.add(link, 'serving', isRestored);
    this.#options.onConnected(connection.broker, isRestored);
    return { ...open, lane };
  }

  /** Its connection is over. */
  lost({ connection, lane }: Held, reason: BrokerError): void {
    const wasInService = this.#withdraw(connection);
    this.outbox.remove(lane);
    if (wasInService) this.#options.onDisconnected(connection.broker, reason);
  }

  /** Ends a connection once the broker has acknowledged what is under way. */
  async close({ connection, link, lane }: Held): Promise<void> {
    this.#withdraw(connection);
    await link.close();
    this.outbox.remove(lane);
  }

  #withdraw(connection: BrokerConnection): boolean {
    const wasInService = this.#serving.includes(connection);
    this.#serving = this.#serving.filter((other) => other !== connection);
    return wasInService;
  }
}
