import { type IStore, Store } from 'mqtt';
import type { BrokerDefinition, InternalAddress } from './broker-address.ts';
import { BrokerError, type FailureKind, toBrokerError } from './broker-error.ts';
import { BrokerLink, type LinkOptions } from './broker-link.ts';
import { clientOptions, type ProtocolVersion } from './client-options.ts';

export interface ConnectionOptions {
  clientId: string;
  keepAliveSeconds: number;
  connectTimeoutMs: number;
  subscriptions: LinkOptions['subscriptions'];
  onMessage: LinkOptions['onMessage'];
}

/** How brokers answer a CONNECT of a version they do not know: with a code, with nonsense, or by closing. */
const UNKNOWN_VERSION: readonly FailureKind[] = ['protocol', 'closed'];

/** The way to one broker: makes link after link, and remembers what it learned about the broker meanwhile. */
export class BrokerConnection {
  readonly broker: BrokerDefinition;
  readonly #options: ConnectionOptions;
  readonly #unreleased: IStore | null;
  #version: ProtocolVersion;

  constructor(broker: BrokerDefinition, options: ConnectionOptions) {
    this.broker = broker;
    this.#options = options;
    this.#unreleased = broker.persistent ? new Store({ clean: false }) : null;
    this.#version = broker.protocol === '3.1.1' ? 4 : 5;
  }

  /** Resolves when subscribed there; rejects with a BrokerError. `onLink` gets each link before it connects. */
  async open(signal: AbortSignal, onLink: (link: BrokerLink) => void): Promise<BrokerLink> {
    const address = this.broker.internal();
    if (address === null) throw new BrokerError('refused', 'the broker is not available yet');
    const first = this.#link(address);
    onLink(first);
    try {
      await first.open(signal);
      return first;
    } catch (error) {
      const failure = toBrokerError(error);
      if (signal.aborted || first.isAccepted || !this.#changeVersion(failure)) throw failure;
    }
    const second = this.#link(address);
    onLink(second);
    await second.open(signal).catch((error: unknown) => {
      // Nothing was learned about versions: the next attempt starts with MQTT 5 again.
      if (!second.isAccepted) this.#version = 5;
      throw toBrokerError(error);
    });
    return second;
  }

  #link(address: InternalAddress): BrokerLink {
    const { clientId, keepAliveSeconds, connectTimeoutMs, subscriptions, onMessage } = this.#options;
    const session = { clientId, keepAliveSeconds, connectTimeoutMs, unreleased: this.#unreleased };
    return new BrokerLink({
      broker: this.broker.name,
      client: clientOptions(address, this.#version, session),
      timeoutMs: connectTimeoutMs,
      subscriptions,
      onMessage,
    });
  }

  #changeVersion(failure: BrokerError): boolean {
    if (this.broker.protocol !== 'auto' || !UNKNOWN_VERSION.includes(failure.kind)) return false;
    this.#version = this.#version === 5 ? 4 : 5;
    return true;
  }
}
