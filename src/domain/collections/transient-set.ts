import { isWorn } from './transient-map.ts';

/** A Set whose entries come and go, in the order of their coming, see TransientMap. */
export class TransientSet<Value> {
  #set = new Set<Value>();
  #added = 0;

  get size(): number {
    return this.#set.size;
  }

  has(value: Value): boolean {
    return this.#set.has(value);
  }

  add(value: Value): void {
    this.#added += 1;
    if (isWorn(this.#added, this.#set.size)) {
      this.#set = new Set(this.#set);
      this.#added = 0;
    }
    this.#set.add(value);
  }

  delete(value: Value): boolean {
    return this.#set.delete(value);
  }

  clear(): void {
    this.#set = new Set();
    this.#added = 0;
  }

  [Symbol.iterator](): SetIterator<Value> {
    return this.#set[Symbol.iterator]();
  }
}
