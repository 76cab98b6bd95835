import { parseSensorTopic } from '../../../domain/broker/topics.ts';
import { TransientMap } from '../../../domain/collections/transient-map.ts';
import type { Parcel } from './parcel.ts';

/** A guard against topics without end: a vector and an envelope for each sensor of the largest garden, and as much again. */
export const COMMANDS_AT_MOST = 500_000;

/** A parcel and its place in the order. */
interface Placed {
  readonly place: number;
  readonly parcel: Parcel;
}

/**
 * What waits for one broker, in order. Of the commands of a sensor only the newest waits, at the place of the first: an
 * actuator must not repeat its past. Of everything else there are at most `limit`, the oldest giving way.
 */
export class OutgoingQueue {
  /** By topic. Both maps are in the order of places. */
  readonly #commands = new TransientMap<string, Placed>();
  /** By place. */
  readonly #others = new TransientMap<number, Placed>();
  #places = 0;

  get size(): number {
    return this.#commands.size + this.#others.size;
  }

  /** Answers the parcel whose place it takes. */
  push(parcel: Parcel): Parcel | undefined {
    const place = this.#places++;
    const topic = commandTopic(parcel);
    if (topic === null) {
      this.#others.set(place, { place, parcel });
      return undefined;
    }
    const former = this.#commands.get(topic);
    this.#commands.set(topic, { place: former?.place ?? place, parcel });
    return former?.parcel;
  }

  /** Puts what has been under way before everything else; answers those that a newer command has overtaken. */
  putBack(parcels: Iterable<Parcel>): Parcel[] {
    const overtaken: Parcel[] = [];
    const later = this.clear();
    for (const parcel of [...parcels, ...later]) {
      const former = this.push(parcel);
      if (former !== undefined) overtaken.push(former);
    }
    return overtaken;
  }

  shift(): Parcel | undefined {
    const [command] = this.#commands;
    const [other] = this.#others;
    if (command !== undefined && (other === undefined || command[1].place < other[0])) {
      this.#commands.delete(command[0]);
      return command[1].parcel;
    }
    if (other !== undefined) this.#others.delete(other[0]);
    return other?.[1].parcel;
  }

  /** Takes out the oldest that are too many, of those that may go. */
  trim(limit: number, mayGo: (parcel: Parcel) => boolean = () => true): Parcel[] {
    return [
      ...dropOldest(this.#commands, COMMANDS_AT_MOST, mayGo),
      ...dropOldest(this.#others, limit, mayGo),
    ];
  }

  clear(): Parcel[] {
    const placed = [...this.#commands.values(), ...this.#others.values()];
    this.#commands.clear();
    this.#others.clear();
    return placed.sort((one, other) => one.place - other.place).map(({ parcel }) => parcel);
  }
}

function dropOldest<Key>(
  waiting: TransientMap<Key, Placed>,
  most: number,
  mayGo: (parcel: Parcel) => boolean,
): Parcel[] {
  const dropped: Parcel[] = [];
  for (const [key, { parcel }] of waiting) {
    if (waiting.size <= most) break;
    if (!mayGo(parcel)) continue;
    waiting.delete(key);
    dropped.push(parcel);
  }
  return dropped;
}

function commandTopic({ message: { topic } }: Parcel): string | null {
  return isCommandTopic(topic) ? topic : null;
}

/** A sensor's vector or envelope: whole, so that the newest replaces those before it. */
function isCommandTopic(topic: string): boolean {
  return parseSensorTopic(topic)?.channel === 'cmd' || topic.startsWith('sensor/envelope/');
}
