import { getEnvironmentData, isMainThread, setEnvironmentData } from 'node:worker_threads';

/** A number that all threads of the process share. Signals come to the main thread only, and the store writes in another one. */
export class SharedNumber {
  #cell;

  constructor(name, first) {
    if (isMainThread) setEnvironmentData(name, new SharedArrayBuffer(4));
    this.#cell = new Int32Array(getEnvironmentData(name));
    if (isMainThread) this.set(first);
  }

  get() {
    return Atomics.load(this.#cell, 0);
  }

  set(value) {
    Atomics.store(this.#cell, 0, value);
  }

  /** Takes one off; answers what is left. */
  countDown() {
    return Atomics.sub(this.#cell, 0, 1) - 1;
  }
}
