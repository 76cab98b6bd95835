import { setTimeout as sleep } from 'node:timers/promises';
import type { BrokerConnection } from '../link/broker-connection.ts';
import { toBrokerError } from '../link/broker-error.ts';
import { sayFarewell } from './farewell.ts';
import type { OpenBroker } from './first-reachable.ts';
import { orAborted } from './or-aborted.ts';
import type { ModeOptions, PoolMode } from './pool-mode.ts';
import { RetryPause } from './retry-pause.ts';

/** Why a broker is let go: it is not in the list any more. */
const LEFT = 'left';

interface Keeping {
  readonly stopping: AbortController;
  readonly done: Promise<void>;
}

/** Mode `all`: connected to every broker at once, each for itself. */
export class AllBrokers implements PoolMode {
  readonly #options: ModeOptions;
  readonly #keeping = new Map<BrokerConnection, Keeping>();

  constructor(options: ModeOptions) {
    this.#options = options;
  }

  start(connections: readonly BrokerConnection[]): void {
    this.use(connections);
  }

  use(connections: readonly BrokerConnection[]): void {
    for (const [connection, { stopping }] of this.#keeping) {
      if (connections.includes(connection)) continue;
      this.#keeping.delete(connection);
      stopping.abort(LEFT);
    }
    for (const connection of connections) {
      if (this.#keeping.has(connection)) continue;
      const stopping = new AbortController();
      this.#keeping.set(connection, { stopping, done: this.#keep(connection, stopping.signal) });
    }
  }

  async stop(): Promise<void> {
    const keeping = [...this.#keeping.values()];
    this.#keeping.clear();
    for (const { stopping } of keeping) stopping.abort();
    await Promise.all(keeping.map(({ done }) => done));
  }

  async #keep(connection: BrokerConnection, signal: AbortSignal): Promise<void> {
    const pause = new RetryPause(this.#options.retryMs);
    while (!signal.aborted) {
      try {
        const link = await connection.open(signal);
        pause.lost(await this.#serve({ connection, link }, signal));
      } catch (error) {
        pause.failed();
        if (!signal.aborted) this.#options.onFailed(connection, toBrokerError(error));
      }
      await sleep(pause.next(), undefined, { signal }).catch(() => undefined);
    }
  }

  /** Answers how long it served, in ms. */
  async #serve(open: OpenBroker, signal: AbortSignal): Promise<number> {
    const { service } = this.#options;
    const since = performance.now();
    const held = await service.join(open);
    const reason = await orAborted(open.link.closed, signal);
    if (reason !== null) {
      service.lost(held, reason);
    } else {
      if (signal.reason === LEFT) await sayFarewell(open.link);
      await service.close(held);
    }
    return performance.now() - since;
  }
}
