/** The newest events of one sensor, by an id that tells them apart from those of any other ring. */
export class EventRing<Event> {
  readonly #begun: number;
  readonly #most: number;
  readonly #events: Event[] = [];
  #count = 0;

  /** `begun`: ms UTC, part of every id. */
  constructor(begun: number, most: number) {
    this.#begun = begun;
    this.#most = most;
  }

  /** Of the newest event; before the first one, of none. */
  get lastId(): string {
    return `${this.#begun}-${this.#count}`;
  }

  add(event: Event): string {
    this.#count += 1;
    this.#events.push(event);
    if (this.#events.length > this.#most) this.#events.shift();
    return this.lastId;
  }

  /** What came after the event of this id; null where that is not known any more. */
  after(id: string): { id: string; event: Event }[] | null {
    const [, begun, number] = /^(\d{1,16})-(\d{1,16})$/.exec(id) ?? [];
    const oldest = this.#count - this.#events.length;
    const known = Number(number);
    if (Number(begun) !== this.#begun || known < oldest || known > this.#count) return null;
    return this.#events
      .slice(known - oldest)
      .map((event, index) => ({ id: `${this.#begun}-${known + index + 1}`, event }));
  }
}
