import type { Change } from '../../domain/change.ts';

/** Nobody was told that these are kept, but for a posted reading; and its row, which is what is shown, goes last. */
const HISTORY: ReadonlySet<Change['type']> = new Set([
  'readingAdded',
  'logAdded',
  'decisionAdded',
  'commandAdded',
  'commandSaved',
]);

export const MOST_QUEUED = 10_000;

/**
 * How much a queue may hold while no database takes it: `most` changes, of which history (readings, log lines,
 * decisions, commands and at last rows) is at most half and gives way to everything else, oldest first. When
 * `most` changes are queued that are no history, nothing more is acknowledged; new sensors are then not taken at
 * all, and what ends or removes something is taken up to twice as much, since its caller cannot undo it.
 */
export class QueueBound {
  /** How many changes were not kept. */
  lost = 0;
  readonly #most: number;
  /** Places of history, oldest first. */
  readonly #history = new Set<number>();
  readonly #rows = new Set<number>();
  #size = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get isFull(): boolean {
    return this.#lasting >= this.#most;
  }

  refuses(change: Change): boolean {
    const isRefused = this.#lasting >= (change.type === 'sensorAdded' ? this.#most : 2 * this.#most);
    if (isRefused) this.lost += 1;
    return isRefused;
  }

  entered(place: number, change: Change): void {
    this.#size += 1;
    if (change.type === 'rowSaved') this.#rows.add(place);
    else if (HISTORY.has(change.type)) this.#history.add(place);
  }

  left(place: number): void {
    this.#size -= 1;
    if (!this.#history.delete(place)) this.#rows.delete(place);
  }

  /** The place of a change that has to go; undefined where all fit in. */
  excess(): number | undefined {
    const passing = this.#history.size + this.#rows.size;
    if (passing === 0 || (passing <= this.#most / 2 && this.#size <= this.#most)) return undefined;
    this.lost += 1;
    return (this.#history.size > 0 ? this.#history : this.#rows).values().next().value;
  }

  get #lasting(): number {
    return this.#size - this.#history.size - this.#rows.size;
  }
}
