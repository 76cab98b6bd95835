interface Place<Holder> {
  readonly holder: Holder;
  readonly priority: number;
}

interface Supply<Holder> {
  readonly holders: Set<Holder>;
  /** By priority, then in the order of arrival. */
  readonly waiting: Place<Holder>[];
}

/** How many jobs a supply can serve at once; 1 where nothing is said. */
export type Capacities = Readonly<Record<string, number>>;

/** How long a holder will still have its lease, and one that waits would have it, in ms. */
export interface Spans<Holder> {
  left(holder: Holder): number;
  needs(holder: Holder): number;
}

/**
 * Leases of shared resources, such as a pump that two beds hang on: never more holders than its capacity, by priority and
 * then in the order of arrival, whoever started them.
 */
export class Supplies<Holder> {
  readonly #capacities: Capacities;
  readonly #supplies = new Map<string, Supply<Holder>>();

  constructor(capacities: Capacities) {
    this.#capacities = capacities;
  }

  /** Takes a lease, or a place in the queue: true if the holder has it now. */
  take(name: string, holder: Holder, priority = 0): boolean {
    const { holders, waiting } = this.#supply(name);
    if (holders.has(holder)) return true;
    if (!waiting.some((place) => place.holder === holder)) enqueue(waiting, { holder, priority });
    if (waiting[0]?.holder !== holder || holders.size >= this.#capacity(name)) return false;
    waiting.shift();
    holders.add(holder);
    return true;
  }

  /** A lease that was held before a restart goes on, whoever else holds one. */
  keep(name: string, holder: Holder): void {
    this.#supply(name).holders.add(holder);
  }

  /** The successor of a job takes its lease or its place over, so that nobody else turns on before it. */
  pass(name: string, from: Holder, to: Holder): void {
    const supply = this.#supplies.get(name);
    if (supply === undefined) return;
    if (supply.holders.delete(from)) supply.holders.add(to);
    const place = supply.waiting.findIndex(({ holder }) => holder === from);
    const { priority } = supply.waiting[place] ?? { priority: 0 };
    if (place >= 0) supply.waiting[place] = { holder: to, priority };
  }

  /** Gives a lease or a place in the queue back; returns who may try now. */
  leave(name: string, holder: Holder): Holder[] {
    const supply = this.#supplies.get(name);
    if (supply === undefined) return [];
    supply.holders.delete(holder);
    const place = supply.waiting.findIndex((each) => each.holder === holder);
    if (place >= 0) supply.waiting.splice(place, 1);
    const free = this.#capacity(name) - supply.holders.size;
    if (supply.holders.size === 0 && supply.waiting.length === 0) this.#supplies.delete(name);
    return free > 0 ? supply.waiting.slice(0, free).map((each) => each.holder) : [];
  }

  /** How long one that waits will have to, if everybody before it takes what it needs, in ms. */
  waitOf(name: string, holder: Holder, spans: Spans<Holder>): number {
    const { holders, waiting } = this.#supply(name);
    const free = Math.max(0, this.#capacity(name) - holders.size);
    const ends = [...[...holders].map((each) => spans.left(each)), ...Array<number>(free).fill(0)];
    for (const place of waiting) {
      ends.sort((a, b) => a - b);
      const start = ends[0] ?? 0;
      if (place.holder === holder) return start;
      ends[0] = start + spans.needs(place.holder);
    }
    return 0;
  }

  #capacity(name: string): number {
    return Object.hasOwn(this.#capacities, name) ? (this.#capacities[name] as number) : 1;
  }

  #supply(name: string): Supply<Holder> {
    let supply = this.#supplies.get(name);
    if (supply === undefined) {
      supply = { holders: new Set(), waiting: [] };
      this.#supplies.set(name, supply);
    }
    return supply;
  }
}

function enqueue<Holder>(waiting: Place<Holder>[], place: Place<Holder>): void {
  const after = waiting.findIndex(({ priority }) => priority < place.priority);
  waiting.splice(after < 0 ? waiting.length : after, 0, place);
}
