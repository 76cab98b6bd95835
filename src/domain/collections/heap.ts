/** An entry of a heap knows its place, so that it can be moved or taken out in O(log n). */
export interface HeapEntry {
  at: number;
  place: number;
}

/** A binary heap with the earliest entry first. */
export class Heap<Entry extends HeapEntry> {
  readonly #entries: Entry[] = [];

  get first(): Entry | undefined {
    return this.#entries[0];
  }

  add(entry: Entry): void {
    this.#entries.push(entry);
    this.#up(entry, this.#entries.length - 1);
  }

  /** Puts an entry whose time has changed in its new place. */
  moved(entry: Entry): void {
    this.#up(entry, entry.place);
    this.#down(entry, entry.place);
  }

  remove(entry: Entry): void {
    const last = this.#entries.pop();
    if (last === undefined || last === entry) return;
    last.place = entry.place;
    this.#entries[entry.place] = last;
    this.moved(last);
  }

  clear(): void {
    this.#entries.length = 0;
  }

  #up(entry: Entry, start: number): void {
    let place = start;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = this.#entries[above] as Entry;
      if (parent.at <= entry.at) break;
      this.#put(parent, place);
      place = above;
    }
    this.#put(entry, place);
  }

  #down(entry: Entry, start: number): void {
    let place = start;
    for (;;) {
      const left = 2 * place + 1;
      if (left >= this.#entries.length) break;
      const right = left + 1;
      const isRightEarlier =
        right < this.#entries.length &&
        (this.#entries[right] as Entry).at < (this.#entries[left] as Entry).at;
      const child = isRightEarlier ? right : left;
      if ((this.#entries[child] as Entry).at >= entry.at) break;
      this.#put(this.#entries[child] as Entry, place);
      place = child;
    }
    this.#put(entry, place);
  }

  #put(entry: Entry, place: number): void {
    this.#entries[place] = entry;
    entry.place = place;
  }
}
