import { setTimeout as sleep } from 'node:timers/promises';
import type { BrokerConnection } from '../link/broker-connection.ts';
import { toBrokerError } from '../link/broker-error.ts';
import type { ModeOptions } from './pool-mode.ts';
import { RetryPause } from './retry-pause.ts';
import type { Held } from './service.ts';

/**
 * A broker that is preferred to the one in service, from the moment it can be reached: RIPE is connected, gives it every
 * command and takes its readings, so that a client that goes there by itself is served; but nobody is sent there before
 * it has been steady.
 */
export class Standby {
  readonly connection: BrokerConnection;
  /** How long it has to stay open to count as steady. */
  readonly steadyMs: number;
  readonly #options: ModeOptions;
  readonly #onSteady: () => void;
  readonly #stopping = new AbortController();
  readonly #done: Promise<void>;
  #held: Held | null = null;
  #isSteady = false;

  constructor(connection: BrokerConnection, steadyMs: number, options: ModeOptions, onSteady: () => void) {
    this.connection = connection;
    this.#options = options;
    this.steadyMs = steadyMs;
    this.#onSteady = onSteady;
    this.#done = this.#run(this.#stopping.signal);
  }

  get isOpen(): boolean {
    return this.#held !== null;
  }

  get isSteady(): boolean {
    return this.#isSteady;
  }

  /** Hands the open broker over: from then on it is the caller's. */
  take(): Held | null {
    const held = this.#held;
    this.#held = null;
    this.#stopping.abort();
    return held;
  }

  async stop(): Promise<void> {
    const held = this.take();
    if (held !== null) await this.#options.service.close(held);
    await this.#done;
  }

  async #run(signal: AbortSignal): Promise<void> {
    const pause = new RetryPause(this.#options.retryMs);
    while (!signal.aborted) {
      try {
        await this.#hold(signal);
        pause.lost(0);
      } catch (error) {
        pause.failed();
        if (!signal.aborted) this.#tell(error);
      }
      await sleep(pause.next(), undefined, { signal }).catch(() => undefined);
    }
  }

  async #hold(signal: AbortSignal): Promise<void> {
    const { outbox } = this.#options.service;
    const link = await this.connection.open(signal);
    if (signal.aborted) return link.close();
    const held = { connection: this.connection, link, lane: outbox.add(link, 'standby', true) };
    this.#held = held;
    const steady = setTimeout(() => {
      this.#isSteady = true;
      this.#onSteady();
    }, this.steadyMs);
    const onAbort = () => clearTimeout(steady);
    signal.addEventListener('abort', onAbort, { once: true });
    await link.closed;
    clearTimeout(steady);
    signal.removeEventListener('abort', onAbort);
    this.#isSteady = false;
    // Taken over: somebody else looks after it.
    if (this.#held !== held) return;
    this.#held = null;
    outbox.remove(held.lane);
  }

  /** Once for each reason: it is tried again and again while another broker serves. */
  #tell(error: unknown): void {
    const failure = toBrokerError(error);
    if (failure.message !== this.connection.toldFailure) this.#options.onFailed(this.connection, failure);
  }
}
