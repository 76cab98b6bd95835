/** So many ids share a page. */
const PAGE = 1_024;

type Page<Value> = (Value | undefined)[];

/**
 * Something of each sensor, by its id. Ids are given out one after the other, so pages of them take a fifth of the memory of
 * a Map; one for itself, far away from the others, costs a page.
 */
export class SensorTable<Value> {
  readonly #pages = new Map<number, Page<Value>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(sensor: number): boolean {
    return this.get(sensor) !== undefined;
  }

  get(sensor: number): Value | undefined {
    return this.#pages.get(Math.floor(sensor / PAGE))?.[sensor % PAGE];
  }

  set(sensor: number, value: Value): void {
    const number = Math.floor(sensor / PAGE);
    const page = this.#pages.get(number) ?? new Array<Value | undefined>(PAGE).fill(undefined);
    this.#pages.set(number, page);
    if (page[sensor % PAGE] === undefined) this.#size += 1;
    page[sensor % PAGE] = value;
  }

  delete(sensor: number): boolean {
    const number = Math.floor(sensor / PAGE);
    const page = this.#pages.get(number);
    if (page?.[sensor % PAGE] === undefined) return false;
    this.#size -= 1;
    page[sensor % PAGE] = undefined;
    if (page.every((value) => value === undefined)) this.#pages.delete(number);
    return true;
  }

  *values(): Generator<Value> {
    for (const [, value] of this.entries()) yield value;
  }

  *entries(): Generator<[sensor: number, value: Value]> {
    for (const [number, page] of this.#pages) {
      for (const [place, value] of page.entries()) {
        if (value !== undefined) yield [number * PAGE + place, value];
      }
    }
  }
}
