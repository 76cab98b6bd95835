import { isSaid, parseSensorTopic } from '../../domain/broker/topics.ts';
import type { IncomingMessage } from './link/broker-link.ts';

/** Whoever may publish can say that it is any sensor. */
const SENSORS_AT_MOST = 100_000;

/** At which broker each sensor was heard last. */
export class Whereabouts {
  readonly #atMost: number;
  /** Who has been silent for longest comes first. */
  readonly #brokers = new Map<number, string>();
  readonly #counts = new Map<string, number>();

  constructor(atMost = SENSORS_AT_MOST) {
    this.#atMost = atMost;
  }

  heard({ topic, broker }: Pick<IncomingMessage, 'topic' | 'broker'>): void {
    const parsed = parseSensorTopic(topic);
    if (parsed === null || !isSaid(parsed.channel)) return;
    this.#forget(parsed.sensor);
    this.#brokers.set(parsed.sensor, broker);
    this.#counts.set(broker, (this.#counts.get(broker) ?? 0) + 1);
    const [mostSilent] = this.#brokers.size > this.#atMost ? this.#brokers.keys() : [];
    if (mostSilent !== undefined) this.#forget(mostSilent);
  }

  /** Whether a sensor was heard at this broker that nobody has heard anywhere else since. */
  isAnybodyAt(broker: string): boolean {
    return this.#counts.has(broker);
  }

  #forget(sensor: number): void {
    const broker = this.#brokers.get(sensor);
    if (broker === undefined) return;
    this.#brokers.delete(sensor);
    const left = (this.#counts.get(broker) ?? 0) - 1;
    if (left > 0) this.#counts.set(broker, left);
    else this.#counts.delete(broker);
  }
}
