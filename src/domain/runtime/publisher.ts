import type { Timetable } from '../clock.ts';
import type { DeviceReport } from '../device-report.ts';
import type { Twin, Twins } from '../twin.ts';
import { type EnvelopePorts, Envelopes } from './envelopes.ts';
import type { Delivery } from './ports.ts';
import { Vectors } from './vectors.ts';

/** So many sensors at once are published anew; readings and other work come in between. */
const SLICE = 25;

/** What leaves for the devices: a command vector for those that have ever been, and an envelope beside it. */
export class Publisher {
  readonly envelopes: Envelopes;
  readonly #vectors: Vectors;
  readonly #twins: Twins;
  /** Sensors of which a broker that has just connected is still to be told. */
  #untold: number[] = [];
  readonly #slices: Timetable<'slice'>;
  readonly #now: () => number;

  constructor(ports: EnvelopePorts, twins: Twins) {
    this.#vectors = new Vectors(ports, twins);
    this.envelopes = new Envelopes(ports, twins);
    this.#twins = twins;
    this.#slices = ports.timetable(() => this.#publishSlice());
    this.#now = () => ports.clock.now();
  }

  stop(): void {
    this.#slices.stop();
    this.#vectors.stop();
    this.envelopes.stop();
  }

  /** Publishes what the sensor is to do, if it is something else than was published last. */
  update(twin: Twin): void {
    this.#vectors.update(twin);
    this.envelopes.update(twin);
  }

  /**
   * Publishes everything once more: after each connection to a broker. What changes before a sensor's turn is published
   * at once, as ever.
   */
  publishAll(): void {
    this.#vectors.clearAll();
    this.#untold = Object.values(this.#twins).map(({ id }) => id);
    this.#publishSlice();
  }

  /** Publishes the sensor once more: under a new key a broker retains nothing yet. */
  repeat(twin: Twin): void {
    if (twin.agents.length === 0) return;
    this.#vectors.repeat(twin);
    this.envelopes.repeat(twin);
  }

  /** A device says what it does, or asks what it is to do. */
  report(twin: Twin, report: DeviceReport): void {
    this.envelopes.report(twin, report);
  }

  /** The sensor has no agents any more, see Vectors. */
  owe(sensor: number, key: string): void {
    this.#vectors.owe(sensor, key);
    const twin = this.#twins[sensor];
    if (twin === undefined) this.envelopes.forget(sensor);
    else this.envelopes.update(twin);
  }

  remember(sensor: number): void {
    this.#vectors.remember(sensor);
  }

  forgive(sensor: number): void {
    this.#vectors.forgive(sensor);
  }

  settle(sensor: number, job: string): void {
    this.#vectors.settle(sensor, job);
  }

  delivered(delivery: Delivery): void {
    if (delivery.envelope === undefined) this.#vectors.delivered(delivery);
    else this.envelopes.delivered(delivery);
  }

  undelivered(delivery: Delivery): void {
    if (delivery.envelope === undefined) this.#vectors.undelivered(delivery);
    else this.envelopes.undelivered(delivery);
  }

  #publishSlice(): void {
    for (const sensor of this.#untold.splice(0, SLICE)) {
      const twin = this.#twins[sensor];
      if (twin !== undefined) this.repeat(twin);
    }
    if (this.#untold.length > 0) this.#slices.set('slice', this.#now());
  }
}
