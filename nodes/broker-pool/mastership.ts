import type { Garden } from '../../src/adapters/garden/garden.ts';
import type { BrokerPool } from '../../src/adapters/mqtt/broker-pool.ts';
import type { IncomingMessage } from '../../src/adapters/mqtt/link/broker-link.ts';
import { Lookout } from '../../src/adapters/mqtt/lookout.ts';
import { RivalWatch } from '../../src/adapters/mqtt/rival-watch.ts';
import { EPOCH_TOPIC } from '../../src/domain/broker/topics.ts';
import type { NodeContext } from '../shared/define-node.ts';
import type { BrokerMessage } from '../shared/messages.ts';
import type { BrokerPoolConfig } from './config.ts';

export const EPOCH_SUBSCRIPTION = { topic: EPOCH_TOPIC, qos: 1, optional: true } as const;

/** The badge stays red for so long after a rival was heard of. */
const SHOWN_MS = 120_000;

/**
 * Numbers the switches of a garden's brokers, tells the number to whoever else commands this garden, and reports one who
 * does. Nobody stands back: whoever had something on switches it off himself, and devices that know envelopes obey the
 * higher epoch only.
 */
export class Mastership {
  readonly #context: NodeContext<BrokerPoolConfig>;
  readonly #garden: Garden;
  readonly #pool: () => BrokerPool;
  readonly #watch: RivalWatch;
  readonly #lookout: Lookout;
  readonly #stopFollowing: () => void;
  #rivalAt = Number.NEGATIVE_INFINITY;

  constructor(context: NodeContext<BrokerPoolConfig>, garden: Garden, pool: () => BrokerPool) {
    this.#context = context;
    this.#garden = garden;
    this.#pool = pool;
    this.#watch = new RivalWatch({
      garden: garden.id,
      instance: garden.instance,
      now: Date.now,
      onBehind: (epoch) => void garden.epoch.raise(epoch),
      onRival: (rival, broker) => this.#report(rival, broker),
    });
    this.#lookout = new Lookout({
      topic: EPOCH_TOPIC,
      brokers: () => pool().others,
      seen: (payload, broker) => this.#watch.seen({ payload, broker }, garden.epoch.present),
    });
    this.#stopFollowing = garden.epoch.onRaised(() => this.announce());
  }

  get hasRival(): boolean {
    return performance.now() - this.#rivalAt < SHOWN_MS;
  }

  /** Before the first command at another broker than before. */
  async switched(): Promise<void> {
    await this.#garden.epoch.raise();
  }

  announce(): void {
    const pool = this.#pool();
    if (pool.inService.length === 0) return;
    // A broker that does not let us is one at which a rival cannot be found: nothing else suffers.
    pool.publish(this.#watch.record(this.#garden.epoch.present), false).catch(() => undefined);
  }

  /** A rival at another broker of the list is not heard here: RIPE looks there, now and every few minutes. */
  lookAround(): void {
    this.#lookout.look();
  }

  /** true: the message was for this. */
  take(message: IncomingMessage): boolean {
    if (message.topic !== EPOCH_TOPIC) return false;
    this.#watch.heard(message, this.#garden.epoch.present);
    return true;
  }

  stop(): void {
    this.#lookout.stop();
    this.#stopFollowing();
  }

  #report({ instance, epoch, at }: { instance: string; epoch: number; at: number }, broker: string): void {
    const { log, status, send } = this.#context;
    this.#rivalAt = performance.now();
    const since = new Date(at).toISOString();
    log.error(
      `a second RIPE commands this garden at the broker ${broker}: instance ${instance}, epoch ${epoch}, ${since}. Stop one of them.`,
    );
    status('failed', 'rival', { broker });
    const payload = { broker, at: Date.now(), instance, epoch, reason: 'a second RIPE commands this garden' };
    send(undefined, { topic: 'broker/rival', payload } satisfies BrokerMessage);
    // So that the other one hears of us, too.
    this.announce();
  }
}
