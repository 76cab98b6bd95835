import { setTimeout as sleep } from 'node:timers/promises';
import type { BrokerConnection } from '../link/broker-connection.ts';
import type { BrokerError } from '../link/broker-error.ts';
import type { BrokerLink } from '../link/broker-link.ts';
import { firstReachable, type OpenBroker } from './first-reachable.ts';
import { Leaving } from './leaving.ts';
import type { ModeOptions, PoolMode } from './pool-mode.ts';
import { RetryPause } from './retry-pause.ts';
import type { Held } from './service.ts';
import { Standbys } from './standbys.ts';

/** Mode `failover`: one broker serves, the first of the list that can be reached; a better one takes over again later. */
export class Failover implements PoolMode {
  readonly #options: ModeOptions;
  readonly #pause: RetryPause;
  readonly #standbys: Standbys;
  readonly #leaving = new Set<Leaving>();
  #connections: readonly BrokerConnection[] = [];
  /** The broker in service. */
  #held: Held | null = null;
  #lost: BrokerConnection | null = null;
  #stopping = new AbortController();
  #running: Promise<void> | null = null;
  /** Called when there is something to look at: another list, a steady standby, the end. */
  #wake = (): void => undefined;

  constructor(options: ModeOptions) {
    this.#options = options;
    this.#pause = new RetryPause(options.retryMs);
    this.#standbys = new Standbys(options, () => this.#wake());
  }

  start(connections: readonly BrokerConnection[]): void {
    this.#connections = connections;
    this.#stopping = new AbortController();
    this.#running = this.#run(this.#stopping.signal);
  }

  use(connections: readonly BrokerConnection[]): void {
    this.#connections = connections;
    this.#wake();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#wake();
    await this.#running;
  }

  async #run(signal: AbortSignal): Promise<void> {
    let next: OpenBroker | Held | null = null;
    while (!signal.aborted) {
      next ??= await this.#reach(signal);
      if (next !== null && !signal.aborted) next = await this.#serve(next, signal);
    }
    await next?.link.close();
    await Promise.all([...this.#leaving].map((leaving) => leaving.stop()));
    await this.#standbys.stop();
  }

  /** The first that can be reached; the one just lost comes last. */
  async #reach(signal: AbortSignal): Promise<OpenBroker | null> {
    await this.#standbys.stop();
    await this.#sleep(this.#pause.next(), signal);
    const { staggerMs, onFailed } = this.#options;
    const isLost = (connection: BrokerConnection) => Number(connection === this.#lost);
    const connections = [...this.#connections].sort((a, b) => isLost(a) - isLost(b));
    const open = await firstReachable({ connections, staggerMs, signal, onFailed });
    if (open === null) this.#pause.failed();
    return open;
  }

  async #sleep(ms: number, signal: AbortSignal): Promise<void> {
    if (ms === 0 || signal.aborted) return;
    const waking = new AbortController();
    this.#wake = () => waking.abort();
    await sleep(ms, undefined, { signal: waking.signal }).catch(() => undefined);
  }

  /** From the moment one serves to its end; answers the one that is to serve next, if that is open already. */
  async #serve(open: OpenBroker | Held, signal: AbortSignal): Promise<Held | null> {
    const { service } = this.#options;
    const since = performance.now();
    const former = this.#held;
    const held = await service.switchTo(open);
    this.#held = held;
    if (former !== null) this.#leave(former, held);
    const reason = await this.#watch(held, signal);
    if (reason === null && !signal.aborted) return this.#standbys.takeSteady();
    this.#held = null;
    if (reason === null) {
      await service.close(held);
      return null;
    }
    this.#lost = held.connection;
    this.#pause.lost(performance.now() - since);
    service.lost(held, reason);
    return this.#standbys.takeOpen() ?? this.#takeBack();
  }

  /** Resolves with the reason when the broker is lost; with null when a better one is steady, or at the end. */
  async #watch({ connection, link }: Held, signal: AbortSignal): Promise<BrokerError | null> {
    while (!signal.aborted) {
      const place = this.#connections.indexOf(connection);
      // One that is not in the list any more serves until another one can.
      if (place < 0) this.#standbys.use(this.#connections, 0);
      else this.#standbys.use(this.#connections.slice(0, place), this.#options.failBackMs);
      const reason = await this.#news(link);
      if (reason !== null) return reason;
      if (this.#standbys.hasSteady) return null;
    }
    return null;
  }

  #news(link: BrokerLink): Promise<BrokerError | null> {
    return new Promise((resolve) => {
      this.#wake = () => resolve(null);
      void link.closed.then(resolve);
    });
  }

  #leave(former: Held, next: Held): void {
    this.#leaving.add(
      new Leaving(former, next, this.#options, (gone) => {
        this.#leaving.delete(gone);
      }),
    );
  }

  #takeBack(): Held | null {
    for (const leaving of this.#leaving) {
      const held = leaving.take();
      if (held !== null) return held;
    }
    return null;
  }
}
