import type { Envelope } from '../../src/domain/command/envelope.ts';
import type { Delivery, Publication } from '../../src/domain/runtime/ports.ts';
import type { Clock, Timetable, TimetableFactory } from '../../src/domain/time/clock.ts';

/** What reached the broker. */
export interface Received {
  readonly at: number;
  readonly topic: string;
  readonly bytes: readonly number[];
}

/** What becomes of a vector: it arrives, is refused, or arrives with its report lost on the wire. */
export type Fate = 'arrives' | 'refused' | 'unreported';

/** An envelope that reached the broker, which keeps none. */
export interface Posted {
  readonly at: number;
  readonly topic: string;
  readonly envelope: Envelope;
}

export interface PoolOwner {
  readonly clock: Clock;
  readonly timetable: TimetableFactory;
  connected(): void;
  reported(delivery: Delivery, isDelivered: boolean): void;
}

/** A pool with a broker behind it, which keeps retained vectors also while nobody is connected. */
export class FakePool {
  readonly log: Received[] = [];
  readonly posted: Posted[] = [];
  readonly retained = new Map<string, readonly number[]>();
  isConnected = false;
  /** How long a broker takes to acknowledge. */
  delayMs = 0;
  fate: (publication: Publication) => Fate = () => 'arrives';
  readonly #owner: PoolOwner;
  readonly #acknowledgements: Timetable<Delivery>;
  readonly #underway = new Set<Delivery>();

  constructor(owner: PoolOwner) {
    this.#owner = owner;
    this.#acknowledgements = owner.timetable((delivery: Delivery) => this.#report(delivery, true));
  }

  connect(): void {
    if (this.isConnected) return;
    this.isConnected = true;
    this.#owner.connected();
  }

  /** Vectors that the broker has not acknowledged count as lost, whether it has them or not. */
  disconnect(): void {
    this.isConnected = false;
    for (const delivery of [...this.#underway]) this.#report(delivery, false);
  }

  publish(publication: Publication): void {
    const fate = this.isConnected ? this.fate(publication) : 'refused';
    const { topic, payload, delivery } = publication;
    if (fate !== 'refused') {
      if (payload instanceof Uint8Array) this.#receive(topic, [...payload]);
      else this.posted.push({ at: this.#owner.clock.now(), topic, envelope: structuredClone(payload) });
    }
    if (fate === 'unreported') return;
    this.#underway.add(delivery);
    if (fate === 'refused') this.#report(delivery, false);
    else if (this.delayMs === 0) this.#report(delivery, true);
    else this.#acknowledgements.set(delivery, this.#owner.clock.now() + this.delayMs);
  }

  #receive(topic: string, bytes: readonly number[]): void {
    this.log.push({ at: this.#owner.clock.now(), topic, bytes });
    if (bytes.length === 0) this.retained.delete(topic);
    else this.retained.set(topic, bytes);
  }

  #report(delivery: Delivery, isDelivered: boolean): void {
    if (!this.#underway.delete(delivery)) return;
    this.#acknowledgements.delete(delivery);
    this.#owner.reported(delivery, isDelivered);
  }
}
