import type { Clock } from '../../domain/time/clock.ts';

/** A key that was changed: it works until then (ms UTC), and then what brokers retain under it is to be deleted. */
export interface FormerKey {
  readonly sensor: number;
  readonly key: string;
  readonly until: number;
}

/** The former keys of sensors; of each sensor one at most still works, the newest. */
export class FormerKeys {
  readonly #clock: Clock;
  readonly #keys = new Map<number, FormerKey[]>();
  /** Keys that still worked when they were last looked at. */
  readonly #alive = new Set<FormerKey>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(former: FormerKey): void {
    this.end(former.sensor);
    this.load(former);
  }

  load(former: FormerKey): void {
    const keys = this.#keys.get(former.sensor) ?? [];
    keys.push(former);
    this.#keys.set(former.sensor, keys);
    this.#alive.add(former);
  }

  /** The sensor's former keys work no longer. */
  end(sensor: number): void {
    const now = this.#clock.now();
    const keys = this.#keys.get(sensor);
    if (keys === undefined) return;
    const ended = keys.map((each) => ({ ...each, until: Math.min(each.until, now) }));
    for (const each of keys) this.#alive.delete(each);
    this.#keys.set(sensor, ended);
  }

  validOf(sensor: number): string | undefined {
    return this.#valid(sensor)?.key;
  }

  #valid(sensor: number): FormerKey | undefined {
    const keys = this.#keys.get(sensor);
    if (keys === undefined) return undefined;
    const now = this.#clock.now();
    return keys.find(({ until }) => until > now);
  }

  count(sensor: number): number {
    return this.#keys.get(sensor)?.length ?? 0;
  }

  ended(): readonly FormerKey[] {
    const now = this.#clock.now();
    return [...this.#keys.values()].flat().filter(({ until }) => until <= now);
  }

  /** Whether the time of a key has run out since this was asked last. */
  takeNews(): boolean {
    const now = this.#clock.now();
    const before = this.#alive.size;
    for (const each of this.#alive) if (each.until <= now) this.#alive.delete(each);
    return this.#alive.size < before;
  }

  forget(sensor: number, key: string): void {
    const left = (this.#keys.get(sensor) ?? []).filter((each) => each.key !== key);
    if (left.length > 0) this.#keys.set(sensor, left);
    else this.#keys.delete(sensor);
  }
}
