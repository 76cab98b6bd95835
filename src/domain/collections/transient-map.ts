/**
 * A Map whose entries come and go, in the order of their coming. V8 keeps from every table that a Map has outgrown a
 * reference to the next one: once the oldest of them is taken for long-lived, all that has ever been in the Map is, too, until
 * the whole heap is looked through. With 100,000 sensors that made more of it than the sensors themselves. A copy has no such
 * past.
 */
export class TransientMap<Key, Value> {
  #map = new Map<Key, Value>();
  #added = 0;

  get size(): number {
    return this.#map.size;
  }

  has(key: Key): boolean {
    return this.#map.has(key);
  }

  get(key: Key): Value | undefined {
    return this.#map.get(key);
  }

  set(key: Key, value: Value): void {
    this.#added += 1;
    if (isWorn(this.#added, this.#map.size)) {
      this.#map = new Map(this.#map);
      this.#added = 0;
    }
    this.#map.set(key, value);
  }

  delete(key: Key): boolean {
    return this.#map.delete(key);
  }

  clear(): void {
    this.#map = new Map();
    this.#added = 0;
  }

  keys(): MapIterator<Key> {
    return this.#map.keys();
  }

  values(): MapIterator<Value> {
    return this.#map.values();
  }

  [Symbol.iterator](): MapIterator<[Key, Value]> {
    return this.#map[Symbol.iterator]();
  }
}

/** Whether so many additions are worth a copy of so many entries. */
export function isWorn(added: number, size: number): boolean {
  return added > 32 + size;
}
