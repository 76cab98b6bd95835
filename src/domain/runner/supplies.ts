interface Supply<Holder> {
  readonly holders: Set<Holder>;
  /** In the order of arrival. */
  readonly waiting: Holder[];
}

/** How many jobs a supply can serve at once; 1 where nothing is said. */
export type Capacities = Readonly<Record<string, number>>;

/**
 * Leases of shared resources, such as a pump that two beds hang on: never more holders than its capacity, in the order of
 * arrival, whoever started them.
 */
export class Supplies<Holder> {
  readonly #capacities: Capacities;
  readonly #supplies = new Map<string, Supply<Holder>>();

  constructor(capacities: Capacities) {
    this.#capacities = capacities;
  }

  /** Takes a lease, or a place in the queue: true if the holder has it now. */
  take(name: string, holder: Holder): boolean {
    const supply = this.#supply(name);
    if (supply.holders.has(holder)) return true;
    const isNext = supply.waiting.length === 0 || supply.waiting[0] === holder;
    if (isNext && supply.holders.size < this.#capacity(name)) {
      if (supply.waiting[0] === holder) supply.waiting.shift();
      supply.holders.add(holder);
      return true;
    }
    if (!supply.waiting.includes(holder)) supply.waiting.push(holder);
    return false;
  }

  /** A lease that was held before a restart goes on, whoever else holds one. */
  keep(name: string, holder: Holder): void {
    this.#supply(name).holders.add(holder);
  }

  /** The successor of a job takes its lease over, so that nobody else turns on before it. */
  pass(name: string, from: Holder, to: Holder): void {
    const holders = this.#supplies.get(name)?.holders;
    if (holders?.delete(from)) holders.add(to);
  }

  /** Gives a lease or a place in the queue back; returns who may try now. */
  leave(name: string, holder: Holder): Holder[] {
    const supply = this.#supplies.get(name);
    if (supply === undefined) return [];
    supply.holders.delete(holder);
    const place = supply.waiting.indexOf(holder);
    if (place >= 0) supply.waiting.splice(place, 1);
    const free = this.#capacity(name) - supply.holders.size;
    if (supply.holders.size === 0 && supply.waiting.length === 0) this.#supplies.delete(name);
    return supply.waiting.slice(0, Math.max(free, 0));
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
