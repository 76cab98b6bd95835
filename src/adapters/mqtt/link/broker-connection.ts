import type { BrokerDefinition, InternalAddress } from '../address/broker-address.ts';
import { BrokerError, type FailureKind, toBrokerError } from './broker-error.ts';
import { BrokerLink, type LinkOptions, type Subscription } from './broker-link.ts';
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
  broker: BrokerDefinition;
  /** Why it could not be reached, as far as that was told; empty once it could. */
  toldFailure = '';
  readonly #options: ConnectionOptions;
  readonly #unreleased = new Set<number>();
  #version: ProtocolVersion;
  #link: BrokerLink | null = null;

  constructor(broker: BrokerDefinition, options: ConnectionOptions) {
    this.broker = broker;
    this.#options = options;
    this.#version = broker.protocol === '3.1.1' ? 4 : 5;
  }

  /** Resolves when subscribed there; rejects with a BrokerError. */
  async open(signal: AbortSignal): Promise<BrokerLink> {
    const address = this.broker.internal();
    if (address === null) throw new BrokerError('refused', 'the broker is not available yet');
    const first = this.#makeLink(address);
    try {
      return await this.#opened(first, signal);
    } catch (error) {
      const failure = toBrokerError(error);
      if (signal.aborted || first.isAccepted || !this.#changeVersion(failure)) throw failure;
    }
    const second = this.#makeLink(address);
    try {
      return await this.#opened(second, signal);
    } catch (error) {
      // Nothing was learned about versions: the next attempt starts with MQTT 5 again.
      if (!second.isAccepted) this.#version = 5;
      throw toBrokerError(error);
    }
  }

  async #opened(link: BrokerLink, signal: AbortSignal): Promise<BrokerLink> {
    await link.open(signal);
    this.toldFailure = '';
    return link;
  }

  /** At the link there is; a later one asks for its subscriptions itself. */
  async subscribe(topics: readonly Subscription[]): Promise<void> {
    if (this.isOpen) await this.#link?.subscribe(topics);
  }

  async unsubscribe(topics: readonly string[]): Promise<void> {
    if (this.isOpen) await this.#link?.unsubscribe(topics);
  }

  get isOpen(): boolean {
    return this.#link !== null && !this.#link.isOver;
  }

  #makeLink(address: InternalAddress): BrokerLink {
    const { clientId, keepAliveSeconds, connectTimeoutMs, subscriptions, onMessage } = this.#options;
    const session = { clientId, keepAliveSeconds, connectTimeoutMs, persistent: this.broker.persistent };
    this.#link = new BrokerLink({
      broker: this.broker.name,
      expiresByTopic: this.broker.expiresByTopic === true,
      client: clientOptions(address, this.#version, session),
      timeoutMs: connectTimeoutMs,
      keepAliveMs: keepAliveSeconds * 1000,
      unreleased: this.#unreleased,
      subscriptions,
      onMessage,
    });
    return this.#link;
  }

  #changeVersion(failure: BrokerError): boolean {
    if (this.broker.protocol !== 'auto' || !UNKNOWN_VERSION.includes(failure.kind)) return false;
    this.#version = this.#version === 5 ? 4 : 5;
    return true;
  }
}
