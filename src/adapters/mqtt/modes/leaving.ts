import { setTimeout as sleep } from 'node:timers/promises';
import { sayFarewell } from './farewell.ts';
import { orAborted } from './or-aborted.ts';
import type { ModeOptions } from './pool-mode.ts';
import type { Held } from './service.ts';

/** The preferred broker has every vector by then, at the latest. */
const RESTORED_WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 1_000;
/** The runtime hears of the new broker over a wire: its vectors are on their way by then. */
const RESTORING_AFTER_MS = 500;

/**
 * A broker that another one has replaced although it lives. It is served like before until its clients have gone: they
 * are told once the new one has every vector. RIPE leaves when nothing has come from there for a while and no sensor is left
 * that was heard there last: one that did not heed the farewell may say nothing for long, and still obeys.
 */
export class Leaving {
  readonly held: Held;
  readonly #next: Held;
  readonly #options: ModeOptions;
  readonly #stopping = new AbortController();
  readonly #done: Promise<void>;
  #isTaken = false;

  constructor(held: Held, next: Held, options: ModeOptions, onGone: (self: Leaving) => void) {
    this.held = held;
    this.#next = next;
    this.#options = options;
    this.#done = this.#run(this.#stopping.signal).finally(() => onGone(this));
  }

  /** The new one is lost already: this one serves again. */
  take(): Held | null {
    if (this.held.link.isOver) return null;
    this.#isTaken = true;
    this.#stopping.abort();
    return this.held;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#done;
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { service } = this.#options;
    const { link, lane } = this.held;
    const isOver = link.closed.then(() => null);
    await orAborted(Promise.race([this.#isNextReady(signal), isOver]), signal);
    if (!signal.aborted && !link.isOver) {
      await sayFarewell(link);
      // The Raspberry Pi client takes the farewell for a vector (protocol §10.2): what it should hold comes right after.
      service.outbox.restore(lane);
      await this.#isQuiet(signal);
    }
    if (!this.#isTaken) await service.close(this.held);
  }

  async #isNextReady(signal: AbortSignal): Promise<void> {
    await pause(RESTORING_AFTER_MS, signal);
    const enough = new AbortController();
    const isLate = pause(RESTORED_WITHIN_MS, enough.signal);
    await Promise.race([this.#next.lane.idle(), isLate]);
    enough.abort();
  }

  async #isQuiet(signal: AbortSignal): Promise<void> {
    const { quietMs, longestQuietMs, whereabouts } = this.#options;
    const { link, connection } = this.held;
    const since = performance.now();
    const enoughMs = () => (whereabouts.isAnybodyAt(connection.broker.name) ? longestQuietMs : quietMs);
    const leftMs = () => Math.max(link.lastMessageAt ?? since, since) + enoughMs() - performance.now();
    while (!link.isOver && !signal.aborted && leftMs() > 0) {
      await pause(Math.min(leftMs(), LOOK_EVERY_MS), signal);
    }
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
