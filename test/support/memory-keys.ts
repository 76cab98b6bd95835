import type { KeyRing } from '../../src/domain/sensor/keys.ts';

/** Keys in plain maps, for tests that are not about comparing them; a former key works for ever. */
export class MemoryKeys implements KeyRing {
  readonly #keys = new Map<number, string>();
  readonly #former = new Map<number, string>();
  readonly #retired = new Map<number, string>();

  check(sensor: number, key: string): boolean {
    return this.isCurrent(sensor, key) || this.formerKeyOf(sensor) === key;
  }

  isCurrent(sensor: number, key: string): boolean {
    return this.#keys.get(sensor) === key;
  }

  keyOf(sensor: number): string | undefined {
    return this.#keys.get(sensor) ?? this.#retired.get(sensor);
  }

  formerKeyOf(sensor: number): string | undefined {
    return this.#former.get(sensor);
  }

  formerCount(sensor: number): number {
    return this.#former.has(sensor) ? 1 : 0;
  }

  set(sensor: number, key: string): void {
    this.#keys.set(sensor, key);
  }

  change(sensor: number, key: string): void {
    const former = this.#keys.get(sensor);
    if (former !== undefined) this.#former.set(sensor, former);
    this.#keys.set(sensor, key);
  }

  retire(sensor: number): void {
    const key = this.keyOf(sensor);
    this.#keys.delete(sensor);
    this.#former.delete(sensor);
    if (key !== undefined) this.#retired.set(sensor, key);
  }
}
