import type { BrokerLink, OutgoingMessage } from '../link/broker-link.ts';
import { Lane, type LaneRole } from './lane.ts';
import { OutgoingQueue } from './outgoing-queue.ts';
import { EXPIRED, NOBODY, OVERTAKEN, Parcel, TOO_MANY } from './parcel.ts';
import { RetainedCopies } from './retained-copies.ts';

/** What leaves the pool: to every broker in service, or, while there is none, into a queue of bounded length. */
export class Outbox {
  readonly #limit: number;
  readonly #lanes = new Set<Lane>();
  readonly #queue = new OutgoingQueue();
  readonly #copies = new RetainedCopies();

  /** `limit`: how many messages wait at most, besides the newest commands of each sensor. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Resolves when a broker in service has it. `mayWait` false: rejects at once where there is none. */
  publish(message: OutgoingMessage, mayWait: boolean): Promise<void> {
    const parcel = new Parcel(message, mayWait);
    this.#copies.keep(parcel);
    for (const lane of this.#lanes) {
      lane.push(parcel);
      lane.trim();
    }
    if (!this.#isServed) this.#wait([parcel]);
    return parcel.delivered;
  }

  /** A broker is connected. With `retained`, it gets what was last published for brokers to retain. */
  add(link: BrokerLink, role: LaneRole, retained: boolean): Lane {
    const lane = new Lane(link, role, this.#limit);
    this.#lanes.add(lane);
    if (retained) this.restore(lane);
    if (role === 'serving') this.#release(lane);
    return lane;
  }

  /** From now on clients are sent there. */
  promote(lane: Lane): void {
    lane.role = 'serving';
    this.#release(lane);
  }

  /** Publishes there once more what brokers retain. */
  restore(lane: Lane): void {
    for (const copy of this.#copies.list()) lane.push(copy);
  }

  /** The broker is lost: what it has not acknowledged goes to the others, or waits. */
  remove(lane: Lane): void {
    this.#lanes.delete(lane);
    const left = lane.end().filter((parcel) => parcel.carriers <= 0 && !parcel.isSettled);
    const next = [...this.#lanes].find(({ role }) => role === 'serving');
    if (next === undefined) this.#wait(left);
    else for (const parcel of left) next.push(parcel);
  }

  /** Nothing waits any longer. */
  clear(): void {
    for (const parcel of this.#queue.clear()) parcel.drop(NOBODY);
  }

  get #isServed(): boolean {
    return [...this.#lanes].some(({ role }) => role === 'serving');
  }

  #release(lane: Lane): void {
    for (const parcel of this.#queue.clear()) {
      parcel.carriers -= 1;
      if (parcel.isExpired) parcel.fail(EXPIRED);
      else lane.push(parcel);
    }
  }

  #wait(parcels: Parcel[]): void {
    for (const parcel of parcels) parcel.carriers += 1;
    const waiting = parcels.filter(({ mayWait }) => mayWait);
    for (const parcel of parcels) if (!parcel.mayWait) parcel.drop(NOBODY);
    for (const parcel of this.#add(waiting)) parcel.drop(OVERTAKEN);
    for (const parcel of this.#queue.trim(this.#limit)) parcel.drop(TOO_MANY);
  }

  #add(parcels: Parcel[]): Parcel[] {
    const [only] = parcels;
    if (parcels.length !== 1 || only === undefined) return this.#queue.putBack(parcels);
    const former = this.#queue.push(only);
    return former === undefined ? [] : [former];
  }
}
