import type { Change } from '../../src/domain/change.ts';
import type { Slice } from '../../src/domain/paging.ts';
import type { Store, TimeRange } from '../../src/domain/store.ts';
import { make } from './changes.ts';
import type { TestStore } from './store-contract.ts';

export const EVER: TimeRange = { from: 0, until: Number.MAX_SAFE_INTEGER };
export const slice = (most: number, range: TimeRange = EVER, skip = 0): Slice => ({ range, skip, most });

/** The store that the running test has open, with short ways to fill it. Each test gets its own. */
export class OpenStore {
  /** Makes a further, independent store; the caller disposes of it. */
  readonly another: () => Promise<TestStore>;
  #test: TestStore | undefined;
  #store: Store | undefined;

  constructor(create: () => Promise<TestStore>) {
    this.another = create;
    beforeEach(async () => {
      this.#test = await create();
      this.#store = this.#test.store;
    });
    afterEach(async () => {
      await this.#test?.dispose();
    });
  }

  get store(): Store {
    if (this.#store === undefined) throw new Error('A store is open within a test only');
    return this.#store;
  }

  async reopen(): Promise<void> {
    this.#store = await this.#test?.reopen();
  }

  write(...changes: Change[]): void {
    for (const change of changes) this.store.write(change);
  }

  addSensors(...ids: number[]): void {
    for (const id of ids) this.store.write({ type: 'sensorAdded', sensor: make.sensor(id) });
  }
}
