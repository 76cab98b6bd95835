import { randomInt, timingSafeEqual } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { KEY_ALPHABET, KEY_LENGTH, type KeyRing } from '../../domain/keys.ts';

export function createKey(): string {
  return Array.from({ length: KEY_LENGTH }, () => KEY_ALPHABET[randomInt(KEY_ALPHABET.length)]).join('');
}

const NOBODY = Buffer.alloc(KEY_LENGTH);

/** The keys of a garden in memory. Emits `changed` when a sensor comes or goes. */
export class MemoryKeyRing extends EventEmitter<{ changed: [] }> implements KeyRing {
  readonly #keys = new Map<number, Buffer>();
  readonly #retired = new Map<number, string>();

  /** Takes as long for an unknown sensor as for a wrong key. */
  check(sensor: number, key: string): boolean {
    const own = this.#keys.get(sensor);
    const given = Buffer.from(key);
    const expected = own ?? NOBODY;
    const isSameLength = given.length === expected.length;
    const isEqual = timingSafeEqual(isSameLength ? given : expected, expected);
    return own !== undefined && isSameLength && isEqual;
  }

  keyOf(sensor: number): string | undefined {
    return this.#keys.get(sensor)?.toString() ?? this.#retired.get(sensor);
  }

  set(sensor: number, key: string): void {
    this.#keys.set(sensor, Buffer.from(key));
    this.emit('changed');
  }

  /** Takes over many keys at once. */
  load(sensors: Iterable<{ readonly id: number; readonly key: string }>): void {
    for (const { id, key } of sensors) this.#keys.set(id, Buffer.from(key));
    this.emit('changed');
  }

  retire(sensor: number): void {
    const key = this.keyOf(sensor);
    if (key === undefined) return;
    this.#keys.delete(sensor);
    this.#retired.set(sensor, key);
    this.emit('changed');
  }

  /** A sensor that was deleted in an earlier run, whose retained vector is still to be deleted. */
  loadRetired(sensor: number, key: string): void {
    if (!this.#keys.has(sensor)) this.#retired.set(sensor, key);
  }

  /** All registered sensors with their keys. */
  *entries(): Iterable<{ sensor: number; key: string }> {
    for (const [sensor, key] of this.#keys) yield { sensor, key: key.toString() };
  }
}
