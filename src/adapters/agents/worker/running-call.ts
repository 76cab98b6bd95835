import type { RunningState } from './worker.ts';

/**
 * Which call a worker thread runs, and since when: memory that both threads see. It tells whom a dead worker blames, and
 * whether a missing answer is late or only not read yet. Layout: the call's number in 4 bytes (0: none), 4 bytes unused,
 * and 8 bytes each for when it began, in ns of the clock that all threads share, and what the process had used of its
 * processors by then, in µs.
 */
export class RunningCall {
  readonly memory: SharedArrayBuffer;
  readonly #id: Int32Array;
  readonly #since: BigInt64Array;

  constructor(memory = new SharedArrayBuffer(24)) {
    this.memory = memory;
    this.#id = new Int32Array(memory, 0, 1);
    this.#since = new BigInt64Array(memory, 8, 2);
  }

  /** Of a processor it has had at most `cpuMs`: the other threads of this process count into that. */
  get state(): RunningState | null {
    const id = Atomics.load(this.#id, 0);
    if (id === 0) return null;
    const elapsedMs = Number(process.hrtime.bigint() - Atomics.load(this.#since, 0)) / 1e6;
    return { id, elapsedMs, cpuMs: (usedMicros() - Number(Atomics.load(this.#since, 1))) / 1e3 };
  }

  begin(id: number): void {
    Atomics.store(this.#since, 0, process.hrtime.bigint());
    Atomics.store(this.#since, 1, BigInt(usedMicros()));
    Atomics.store(this.#id, 0, id);
  }

  end(): void {
    Atomics.store(this.#id, 0, 0);
  }
}

function usedMicros(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
