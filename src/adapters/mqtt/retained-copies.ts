import { Parcel } from './parcel.ts';

const KEPT_AT_MOST = 50_000;

/** The last message of each topic that brokers retain, for a broker that comes back without them, or with old ones. */
export class RetainedCopies {
  readonly #byTopic = new Map<string, Parcel>();

  keep(parcel: Parcel): void {
    const { topic, retain } = parcel.message;
    if (!retain) return;
    // The newest last, so that the oldest gives way.
    this.#byTopic.delete(topic);
    this.#byTopic.set(topic, parcel);
    if (this.#byTopic.size <= KEPT_AT_MOST) return;
    for (const oldest of this.#byTopic.keys()) {
      this.#byTopic.delete(oldest);
      return;
    }
  }

  /** What has expired is left out: no broker would have it any more. */
  *list(): Generator<Parcel> {
    for (const parcel of this.#byTopic.values()) {
      if (parcel.isExpired) continue;
      const copy = new Parcel(parcel.current(), false);
      // Nobody waits for it.
      copy.delivered.catch(() => undefined);
      yield copy;
    }
  }
}
