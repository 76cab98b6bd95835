import type { BrokerStanding } from '../../domain/broker/broker.ts';

interface Known {
  readonly since: number | null;
  readonly problem: string | null;
}

const NEVER: Known = { since: null, problem: null };

/** How every broker of the list stands, in its order: what REST and the metrics tell of brokers. */
export class BrokerStandings {
  readonly #known = new Map<string, Known>();
  #names: readonly string[] = [];

  /** The list of a pool; what is known of those that stay in it is kept. */
  list(names: readonly string[]): void {
    this.#names = names;
    for (const name of this.#known.keys()) if (!names.includes(name)) this.#known.delete(name);
  }

  /** `problem`: why RIPE cannot work there; null: it is connected. */
  note(name: string, at: number, problem: string | null): void {
    const before = this.#known.get(name);
    const isSame = before !== undefined && (before.problem === null) === (problem === null);
    this.#known.set(name, { since: isSame ? before.since : at, problem });
  }

  all(inService: readonly string[]): BrokerStanding[] {
    return this.#names.map((name) => ({
      name,
      serves: inService.includes(name),
      ...(this.#known.get(name) ?? NEVER),
    }));
  }
}
