import type { OutgoingMessage } from './broker-link.ts';
import { COMMANDS_AT_MOST } from './outgoing-queue.ts';
import { Parcel } from './parcel.ts';

interface Copy {
  readonly message: OutgoingMessage;
  /** By the clock of `performance.now`; null: it stays. */
  readonly expiresAt: number | null;
}

/** The last message of each topic that brokers retain, for a broker that comes back without them, or with old ones. */
export class RetainedCopies {
  readonly #byTopic = new Map<string, Copy>();

  keep({ message, expiresAt }: Parcel): void {
    const { topic, retain } = message;
    if (!retain) return;
    // The newest last, so that the oldest gives way.
    this.#byTopic.delete(topic);
    // Not the parcel itself: it holds on to whoever waits for it.
    this.#byTopic.set(topic, { message, expiresAt });
    if (this.#byTopic.size <= COMMANDS_AT_MOST) return;
    for (const oldest of this.#byTopic.keys()) {
      this.#byTopic.delete(oldest);
      return;
    }
  }

  /** What has expired is left out: no broker would have it any more. */
  *list(): Generator<Parcel> {
    for (const { message, expiresAt } of this.#byTopic.values()) {
      const parcel = new Parcel(message, false, expiresAt);
      // Nobody waits for it.
      parcel.delivered.catch(() => undefined);
      if (!parcel.isExpired) yield parcel;
    }
  }
}
