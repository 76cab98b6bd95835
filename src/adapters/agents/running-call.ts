/**
 * Which call a worker runs, and since when: memory that both threads see. It tells whom a dead worker blames, and
 * whether a missing answer is late or only not read yet. Layout: the call's number in 4 bytes (0: none), 4 bytes unused,
 * and in 8 bytes when it began, in ns of the clock that all threads share.
 */
export class RunningCall {
  readonly memory: SharedArrayBuffer;
  readonly #id: Int32Array;
  readonly #since: BigInt64Array;

  constructor(memory = new SharedArrayBuffer(16)) {
    this.memory = memory;
    this.#id = new Int32Array(memory, 0, 1);
    this.#since = new BigInt64Array(memory, 8, 1);
  }

  get id(): number {
    return Atomics.load(this.#id, 0);
  }

  get elapsedMs(): number {
    return Number(process.hrtime.bigint() - Atomics.load(this.#since, 0)) / 1e6;
  }

  begin(id: number): void {
    Atomics.store(this.#since, 0, process.hrtime.bigint());
    Atomics.store(this.#id, 0, id);
  }

  end(): void {
    Atomics.store(this.#id, 0, 0);
  }
}
