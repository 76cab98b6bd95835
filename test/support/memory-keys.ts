import type { KeyRing } from '../../src/domain/keys.ts';

/** Keys in plain maps, for tests that are not about comparing them. */
export class MemoryKeys implements KeyRing {
  readonly #keys = new Map<number, string>();
  readonly #retired = new Map<number, string>();

  check(sensor: number, key: string): boolean {
    return this.#keys.get(sensor) === key;
  }

  keyOf(sensor: number): string | undefined {
    return this.#keys.get(sensor) ?? this.#retired.get(sensor);
  }

  set(sensor: number, key: string): void {
    this.#keys.set(sensor, key);
  }

  retire(sensor: number): void {
    const key = this.keyOf(sensor);
    this.#keys.delete(sensor);
    if (key !== undefined) this.#retired.set(sensor, key);
  }
}
