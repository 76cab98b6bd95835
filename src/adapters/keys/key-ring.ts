import { randomInt } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { KEY_ALPHABET, KEY_LENGTH, type KeyRing } from '../../domain/sensor/keys.ts';
import { SensorTable } from '../../domain/sensor/sensor-table.ts';
import type { Clock } from '../../domain/time/clock.ts';
import { type FormerKey, FormerKeys } from './former-keys.ts';
import { isSameKey, NOBODYS } from './same-key.ts';

/** `randomInt` draws from the operating system's generator, each character as likely as any other. */
export function createKey(): string {
  return Array.from({ length: KEY_LENGTH }, () => KEY_ALPHABET[randomInt(KEY_ALPHABET.length)]).join('');
}

/** The keys of a garden in memory. Emits `changed` when a sensor or a key comes or goes. */
export class MemoryKeyRing extends EventEmitter<{ changed: [] }> implements KeyRing {
  readonly #keys = new SensorTable<string>();
  readonly #retired = new Map<number, string>();
  readonly #former: FormerKeys;

  constructor(clock: Clock = { now: Date.now }) {
    super();
    this.#former = new FormerKeys(clock);
  }

  get size(): number {
    return this.#keys.size;
  }

  /** The same work for an unknown sensor, a wrong key, the right one and a former one: two comparisons. */
  check(sensor: number, key: string): boolean {
    const own = this.#keys.get(sensor);
    const isOwn = isSameKey(own ?? NOBODYS, key);
    const isFormer = isSameKey(this.#former.validOf(sensor) ?? NOBODYS, key);
    return isOwn || (isFormer && own !== undefined);
  }

  isCurrent(sensor: number, key: string): boolean {
    return isSameKey(this.#keys.get(sensor) ?? NOBODYS, key);
  }

  keyOf(sensor: number): string | undefined {
    return this.#keys.get(sensor) ?? this.#retired.get(sensor);
  }

  formerKeyOf(sensor: number): string | undefined {
    return this.#keys.has(sensor) ? this.#former.validOf(sensor) : undefined;
  }

  formerCount(sensor: number): number {
    return this.#former.count(sensor);
  }

  set(sensor: number, key: string): void {
    this.#keys.set(sensor, key);
    this.emit('changed');
  }

  change(sensor: number, key: string, formerUntil: number): void {
    const former = this.#keys.get(sensor);
    if (former !== undefined) this.#former.add({ sensor, key: former, until: formerUntil });
    this.set(sensor, key);
  }

  /** Takes over many keys at once. */
  load(
    sensors: Iterable<{ readonly id: number; readonly key: string }>,
    former: readonly FormerKey[] = [],
  ): void {
    for (const { id, key } of sensors) this.#keys.set(id, key);
    for (const each of former) this.#former.load(each);
    this.emit('changed');
  }

  retire(sensor: number): void {
    const key = this.keyOf(sensor);
    if (key === undefined) return;
    this.#keys.delete(sensor);
    this.#retired.set(sensor, key);
    this.#former.end(sensor);
    this.emit('changed');
  }

  /** A sensor that was deleted in an earlier run, whose retained vector is still to be deleted. */
  loadRetired(sensor: number, key: string): void {
    if (!this.#keys.has(sensor)) this.#retired.set(sensor, key);
  }

  /** Keys whose grace period has ended since they were last asked for; `changed` tells of them, too. */
  endedKeys(): readonly FormerKey[] {
    const ended = this.#former.ended();
    if (this.#former.takeNews()) this.emit('changed');
    return ended;
  }

  /** Nothing is left at the brokers under a key that has ended. */
  forget(sensor: number, key: string): void {
    this.#former.forget(sensor, key);
  }

  /** All registered sensors with their keys, and with a former one that still works. */
  *entries(): Iterable<{ sensor: number; key: string }> {
    for (const [sensor, key] of this.#keys.entries()) {
      yield { sensor, key };
      const former = this.#former.validOf(sensor);
      if (former !== undefined) yield { sensor, key: former };
    }
  }
}
