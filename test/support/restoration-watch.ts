import type { Delivery } from '../../src/domain/runtime/ports.ts';
import type { GardenHarness } from './garden-harness.ts';

/** After so long without any news of a vector, new work goes out all the same. */
const LONGEST_SILENCE_MS = 5_000;

/** What is promised of a broker that has just been connected: it has every sensor's vector before any new work. */
export class RestorationWatch {
  readonly #garden: GardenHarness;
  readonly #note: (fault: string) => void;
  /** Sensors whose vector the broker has not acknowledged since the connection; with its sequence once it is sent. */
  readonly #awaited = new Map<number, number | null>();
  /** The bytes that each actuator was told last, or was to be told when the broker came. */
  readonly #known = new Map<string, readonly (number | undefined)[]>();
  #newsAt = Number.NEGATIVE_INFINITY;
  /** The same, if what came in the moment in which the patience ended came before its end. */
  #lateNewsAt = Number.NEGATIVE_INFINITY;

  constructor(garden: GardenHarness, note: (fault: string) => void) {
    this.#garden = garden;
    this.#note = note;
  }

  get #isOn(): boolean {
    return this.#awaited.size > 0 && this.#since(this.#newsAt) < LONGEST_SILENCE_MS;
  }

  /** What else is due in the moment in which the patience ends may come before its end, and be news. */
  get mayBeOn(): boolean {
    return this.#awaited.size > 0 && this.#since(this.#lateNewsAt) <= LONGEST_SILENCE_MS;
  }

  #since(at: number): number {
    return this.#garden.clock.now() - at;
  }

  /** Whoever starts takes up what is on, in its first vectors, and restores a broker once it hears of it. */
  begunAnew(): void {
    this.#awaited.clear();
  }

  connected(): void {
    this.#awaited.clear();
    this.#newsAt = this.#garden.clock.now();
    this.#lateNewsAt = this.#newsAt;
    for (const { id, agents } of Object.values(this.#garden.runtime.twins)) {
      if (agents.length > 0) this.#awaited.set(id, null);
      for (const { domain, value } of agents) {
        const owner = `${id}/${domain}`;
        const told = this.#isOn ? (this.#known.get(owner) ?? []) : this.#known.get(owner)?.slice(-1);
        this.#known.set(owner, [...(told ?? []), value & 0xff]);
      }
    }
  }

  /** A byte of a vector that leaves. */
  tells(owner: string, byte: number, value: number): void {
    const known = this.#known.get(owner) ?? [];
    // What is more waits for the disk, and beside it the other agents of the sensor are told what is less.
    const { store } = this.#garden;
    const isStoring = (store.isBusy || store.isHanging) && (byte === 0 || byte === known.at(-1));
    if (byte !== (value & 0xff) && !(this.mayBeOn && value !== 0) && !isStoring)
      this.#note(`${owner} is ${byte}, not ${value}`);
    if (this.#isOn && byte !== 0 && !known.includes(byte))
      this.#note(`${owner} turns to ${byte} before its turn`);
    if (!this.#isOn || byte === 0) this.#known.set(owner, [byte]);
  }

  sent({ sensor, sequence }: Delivery): void {
    if (this.#awaited.get(sensor) === null) this.#awaited.set(sensor, sequence);
  }

  delivered({ sensor, sequence }: Delivery): void {
    if (!this.mayBeOn) return;
    this.#lateNewsAt = this.#garden.clock.now();
    if (this.#isOn) this.#newsAt = this.#lateNewsAt;
    const awaited = this.#awaited.get(sensor) ?? null;
    if (awaited !== null && sequence >= awaited) this.#awaited.delete(sensor);
  }
}
