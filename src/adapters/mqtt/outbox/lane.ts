import { TransientSet } from '../../../domain/collections/transient-set.ts';
import { type BrokerError, type FailureKind, toBrokerError } from '../link/broker-error.ts';
import type { BrokerLink } from '../link/broker-link.ts';
import { OutgoingQueue } from './outgoing-queue.ts';
import { EXPIRED, OVERTAKEN, type Parcel, TOO_MANY } from './parcel.ts';

/**
 * `serving`: clients are, or may be, there: gets everything. `standby`: is kept up to date before anybody is sent there:
 * gets what brokers retain, and its word does not count as delivery.
 */
export type LaneRole = 'serving' | 'standby';

/** A no of the broker to this one message; anything else is the end of the connection. */
const ANSWERS: readonly FailureKind[] = ['refused', 'protocol'];

/** The way out to one broker: what waits, and what is under way but not acknowledged. */
export class Lane {
  role: LaneRole;
  readonly #link: BrokerLink;
  readonly #queue = new OutgoingQueue();
  readonly #underWay = new TransientSet<Parcel>();
  readonly #idle = new Set<() => void>();
  readonly #limit: number;
  #isOver = false;

  constructor(link: BrokerLink, role: LaneRole, limit: number) {
    this.#link = link;
    this.role = role;
    this.#limit = limit;
  }

  push(parcel: Parcel): void {
    if (this.role === 'standby' && !parcel.message.retain) return;
    parcel.carriers += 1;
    this.#queue.push(parcel)?.drop(OVERTAKEN);
    this.#pump();
  }

  /** A broker that is slower than the others misses the oldest of what they have; its share of memory is bounded. */
  trim(): void {
    for (const parcel of this.#queue.trim(this.#limit, ({ isSettled }) => isSettled)) parcel.drop(TOO_MANY);
  }

  /** Resolves when everything has been acknowledged, or the connection is over. */
  async idle(): Promise<void> {
    if (this.#isIdle) return;
    await new Promise<void>((resolve) => this.#idle.add(resolve));
  }

  /** Nothing is sent any more; answers what no broker has acknowledged, the oldest first. */
  end(): Parcel[] {
    this.#isOver = true;
    const left = [...this.#underWay, ...this.#queue.clear()];
    this.#underWay.clear();
    this.#tellIdle();
    for (const parcel of left) parcel.carriers -= 1;
    return left;
  }

  get #isIdle(): boolean {
    return this.#isOver || (this.#queue.size === 0 && this.#underWay.size === 0);
  }

  #pump(): void {
    while (!this.#isOver && this.#underWay.size < this.#link.sendWindow) {
      const parcel = this.#queue.shift();
      if (parcel === undefined) break;
      if (parcel.isExpired) parcel.drop(EXPIRED);
      else this.#send(parcel);
    }
    if (this.#isIdle) this.#tellIdle();
  }

  #send(parcel: Parcel): void {
    this.#underWay.add(parcel);
    this.#link.publish(parcel.current()).then(
      () => this.#sent(parcel, null),
      (error: unknown) => this.#sent(parcel, toBrokerError(error)),
    );
  }

  #sent(parcel: Parcel, error: BrokerError | null): void {
    if (this.#isOver) return;
    if (error !== null && !ANSWERS.includes(error.kind)) {
      // The connection is over: what is under way stays so until `end`.
      this.#isOver = true;
      return;
    }
    this.#underWay.delete(parcel);
    if (error !== null) parcel.drop(error);
    else if (this.role === 'serving' && !parcel.isSettled) parcel.arrived();
    else parcel.carriers -= 1;
    this.#pump();
  }

  #tellIdle(): void {
    for (const resolve of this.#idle) resolve();
    this.#idle.clear();
  }
}
