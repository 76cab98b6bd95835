/**
 * Something of each sensor, by its id. Ids count from 1 and are given out one after the other, so an array holds them in a
 * fifth of the memory of a Map.
 */
export class SensorTable<Value> {
  readonly #values: (Value | undefined)[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(sensor: number): boolean {
    return this.#values[sensor] !== undefined;
  }

  get(sensor: number): Value | undefined {
    return this.#values[sensor];
  }

  set(sensor: number, value: Value): void {
    if (!this.has(sensor)) this.#size += 1;
    this.#values[sensor] = value;
  }

  delete(sensor: number): boolean {
    if (!this.has(sensor)) return false;
    this.#size -= 1;
    this.#values[sensor] = undefined;
    return true;
  }

  /** By the ids of the sensors. */
  *values(): Generator<Value> {
    for (const value of this.#values) if (value !== undefined) yield value;
  }

  *entries(): Generator<[sensor: number, value: Value]> {
    for (const [sensor, value] of this.#values.entries()) if (value !== undefined) yield [sensor, value];
  }
}
