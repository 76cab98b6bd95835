import { parseSensorTopic } from '../../domain/topics.ts';
import type { Parcel } from './parcel.ts';

/** One newest vector and one newest envelope per sensor; a guard against topics without end. */
const COMMANDS_AT_MOST = 50_000;

/**
 * What waits for one broker, in order. Of the commands of a sensor only the newest waits, at the place of the first: an
 * actuator must not repeat its past. Of everything else there are at most `limit`, the oldest giving way.
 */
export class OutgoingQueue {
  readonly #waiting = new Map<string | number, Parcel>();
  #serial = 0;
  #commands = 0;

  get size(): number {
    return this.#waiting.size;
  }

  /** Answers the parcel whose place it takes. */
  push(parcel: Parcel): Parcel | undefined {
    const topic = commandTopic(parcel);
    const former = topic === null ? undefined : this.#waiting.get(topic);
    this.#waiting.set(topic ?? this.#serial++, parcel);
    if (topic !== null && former === undefined) this.#commands += 1;
    return former;
  }

  /** Puts what has been under way before everything else; answers those that a newer command has overtaken. */
  putBack(parcels: Iterable<Parcel>): Parcel[] {
    const overtaken: Parcel[] = [];
    const later = [...this.#waiting.values()];
    this.clear();
    for (const parcel of [...parcels, ...later]) {
      const former = this.push(parcel);
      if (former !== undefined) overtaken.push(former);
    }
    return overtaken;
  }

  shift(): Parcel | undefined {
    for (const [key, parcel] of this.#waiting) {
      this.#delete(key);
      return parcel;
    }
    return undefined;
  }

  /** Takes out the oldest that are too many, of those that may go. */
  trim(limit: number, mayGo: (parcel: Parcel) => boolean = () => true): Parcel[] {
    const dropped: Parcel[] = [];
    let others = this.#waiting.size - this.#commands;
    for (const [key, parcel] of this.#waiting) {
      if (others <= limit && this.#commands <= COMMANDS_AT_MOST) break;
      const isCommand = typeof key === 'string';
      const isTooMany = isCommand ? this.#commands > COMMANDS_AT_MOST : others > limit;
      if (!isTooMany || !mayGo(parcel)) continue;
      if (!isCommand) others -= 1;
      this.#delete(key);
      dropped.push(parcel);
    }
    return dropped;
  }

  clear(): Parcel[] {
    const parcels = [...this.#waiting.values()];
    this.#waiting.clear();
    this.#commands = 0;
    return parcels;
  }

  #delete(key: string | number): void {
    this.#waiting.delete(key);
    if (typeof key === 'string') this.#commands -= 1;
  }
}

function commandTopic({ message: { topic } }: Parcel): string | null {
  return isCommandTopic(topic) ? topic : null;
}

/** A sensor's vector or envelope: whole, so that the newest replaces those before it. */
function isCommandTopic(topic: string): boolean {
  return parseSensorTopic(topic)?.channel === 'cmd' || topic.startsWith('sensor/envelope/');
}
