import type { Garden } from '../../src/adapters/garden/garden.ts';
import type { BrokerDefinition } from '../../src/adapters/mqtt/address/broker-address.ts';
import type { BrokerPool } from '../../src/adapters/mqtt/broker-pool.ts';
import type { NodeContext } from '../shared/define-node.ts';
import type { BrokerMessage } from '../shared/messages.ts';
import type { BrokerPoolConfig } from './config.ts';
import type { Mastership } from './mastership.ts';

type Details = Omit<BrokerMessage['payload'], 'broker' | 'at'>;

/** What a pool shows of its brokers: the badge, output 2, and, through the garden, REST. */
export class PoolBoard {
  mastership: Mastership | null = null;
  readonly #context: NodeContext<BrokerPoolConfig>;
  readonly #garden: Garden | undefined;
  #count = 0;

  constructor(context: NodeContext<BrokerPoolConfig>, garden: Garden | undefined) {
    this.#context = context;
    this.#garden = garden;
  }

  /** The brokers of the list, now and whenever it changes. */
  list(brokers: readonly BrokerDefinition[]): void {
    this.#count = brokers.length;
    this.#garden?.brokers.standings.list(brokers.map(({ name }) => name));
  }

  begin(preferred: BrokerDefinition | undefined): void {
    const { status } = this.#context;
    if (preferred === undefined) status('warning', 'none');
    else status('busy', 'connecting', { broker: preferred.name });
  }

  /** `reason`: why none is in service, if none is. */
  show({ inService }: BrokerPool, reason: string): void {
    const { status, config } = this.#context;
    this.#garden?.brokers.serve(inService);
    const names = inService.map(({ name }) => name);
    const [broker = ''] = names;
    if (this.#count === 0 && names.length === 0) status('warning', 'none');
    else if (names.length === 0) status('failed', 'disconnected', { reason });
    else if (this.mastership?.hasRival) status('failed', 'rival', { broker });
    else if (config.mode === 'all') status('ok', 'several', { count: names.length, of: this.#count });
    else status('ok', 'connected', { broker });
  }

  tell(topic: BrokerMessage['topic'], { name }: BrokerDefinition, details: Details): void {
    const at = Date.now();
    if (topic !== 'broker/rival') this.#garden?.brokers.standings.note(name, at, details.reason ?? null);
    const message: BrokerMessage = { topic, payload: { broker: name, at, ...details } };
    this.#context.send(undefined, message);
  }
}
