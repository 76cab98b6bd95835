import { TransientMap } from '../../collections/transient-map.ts';
import type { Timetable, TimetableFactory } from '../../time/clock.ts';
import type { Delivery } from '../ports.ts';

/** So many sensors at once are published anew; readings and other work come in between. */
const SLICE = 25;
/** So many vectors are under way at most: those of a large garden would take more memory than its twins while they wait. */
const MOST_UNDER_WAY = 3 * SLICE;
/** A broker that acknowledges nothing for so long is about to be left, or a node on the wire keeps its reports. */
const LONGEST_SILENCE_MS = 5_000;

interface RestorationPorts {
  readonly clock: { now(): number };
  readonly timetable: TimetableFactory;
  /** Publishes the sensor's present vector; the answer is its sequence, null where it has none. */
  restore(sensor: number): number | null;
  /** Publishes what the sensor has waited with. */
  release(sensor: number): void;
}

/**
 * From the connection of a broker until it has the vector of every sensor. That goes in slices, so that a large garden
 * blocks nobody; new work waits meanwhile, so that it overtakes no vector of another sensor.
 */
export class Restoration {
  readonly #ports: RestorationPorts;
  /** Sensors of which the broker is still to be told. */
  readonly #untold = new Set<number>();
  /** The sequences of vectors that are on their way, by sensor. */
  readonly #underWay = new TransientMap<number, number>();
  /** Sensors with new work. */
  readonly #waiting = new Set<number>();
  readonly #turns: Timetable<'slice' | 'silence'>;
  #isOn = false;

  constructor(ports: RestorationPorts) {
    this.#ports = ports;
    this.#turns = ports.timetable((turn: 'slice' | 'silence') =>
      turn === 'slice' ? this.#slice() : this.#end(),
    );
  }

  /** New work has to wait. */
  get isOn(): boolean {
    return this.#isOn;
  }

  /** Another broker, or the same one anew: it is told of all sensors. What waits already goes on waiting. */
  begin(sensors: Iterable<number>): void {
    this.#untold.clear();
    this.#underWay.clear();
    for (const sensor of sensors) this.#untold.add(sensor);
    this.#isOn = true;
    this.#slice();
  }

  stop(): void {
    this.#turns.stop();
  }

  isUntold(sensor: number): boolean {
    return this.#untold.has(sensor);
  }

  /** The sensor has new work: it is published when the restoration is over. */
  wait(sensor: number): void {
    this.#waiting.add(sensor);
  }

  /** A vector has arrived. One that has not keeps the others waiting: the broker may be gone, and another one come. */
  delivered({ sensor, sequence }: Delivery): void {
    if (!this.#isOn) return;
    if (sequence >= (this.#underWay.get(sensor) ?? Number.POSITIVE_INFINITY)) this.#underWay.delete(sensor);
    if (this.#untold.size > 0 && this.#hasRoom) this.#planSlice();
    this.#look();
  }

  #slice(): void {
    for (const sensor of first(this.#untold, SLICE)) {
      this.#untold.delete(sensor);
      const sequence = this.#ports.restore(sensor);
      if (sequence !== null) this.#underWay.set(sensor, sequence);
    }
    if (this.#untold.size > 0 && this.#hasRoom) this.#planSlice();
    if (this.#isOn) this.#look();
    else this.#releaseSlice();
  }

  /** Of a broker that says nothing it is not known what is still under way. */
  get #hasRoom(): boolean {
    return !this.#isOn || this.#underWay.size + SLICE <= MOST_UNDER_WAY;
  }

  /** Whether it is over; if not, something is to be heard soon. */
  #look(): void {
    if (this.#untold.size === 0 && this.#underWay.size === 0) this.#end();
    else this.#turns.set('silence', this.#ports.clock.now() + LONGEST_SILENCE_MS);
  }

  #end(): void {
    this.#isOn = false;
    this.#underWay.clear();
    this.#turns.delete('silence');
    if (this.#untold.size > 0) this.#planSlice();
    this.#releaseSlice();
  }

  #releaseSlice(): void {
    for (const sensor of first(this.#waiting, SLICE)) {
      this.#waiting.delete(sensor);
      this.#ports.release(sensor);
    }
    if (this.#waiting.size > 0) this.#planSlice();
  }

  #planSlice(): void {
    this.#turns.set('slice', this.#ports.clock.now());
  }
}

function first(sensors: ReadonlySet<number>, count: number): number[] {
  const taken: number[] = [];
  for (const sensor of sensors) {
    if (taken.length === count) break;
    taken.push(sensor);
  }
  return taken;
}
