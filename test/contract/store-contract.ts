import assert from 'node:assert/strict';
import fc from 'fast-check';
import { RipeError } from '../../src/domain/errors.ts';
import type { Store } from '../../src/domain/store.ts';
import { loadAll } from '../support/load-all.ts';
import { runs } from '../support/runs.ts';
import { anyChanges } from './any-changes.ts';
import { make } from './changes.ts';
import { describeGarden } from './describe-garden.ts';
import { describeHistory } from './describe-history.ts';
import { describePruning } from './describe-pruning.ts';
import { EVER, OpenStore } from './open-store.ts';

export interface TestStore {
  /** Open, and empty. */
  readonly store: Store;
  /** Closes the store and opens another one on the same data. */
  reopen(): Promise<Store>;
  dispose(): Promise<void>;
}

/** What every implementation of Store promises. */
export function describeStore(name: string, createStore: () => Promise<TestStore>): void {
  describe(`${name} keeps the contract of Store`, () => {
    const open = new OpenStore(createStore);
    describeGarden(open);
    describeHistory(open);
    describePruning(open);
    describeGroups(open);
  });
}

/** What a store promises of changes that are committed together. */
function describeGroups(open: OpenStore): void {
  it('leaves the same behind in one group as one by one', () =>
    fc.assert(
      fc.asyncProperty(anyChanges, async (changes) => {
        const together = await open.another();
        const apart = await open.another();
        try {
          for (const change of changes) {
            together.store.write(change);
            apart.store.write(change);
            await apart.store.commit();
          }
          assert.deepEqual(await everythingIn(together.store), await everythingIn(apart.store));
        } finally {
          await together.dispose();
          await apart.dispose();
        }
      }),
      { numRuns: runs(20) },
    ));

  it('commits in the order of writing, also while others commit', async () => {
    const committing = Array.from({ length: 50 }, async (_, at) => {
      open.write({ type: 'commandAdded', command: make.command(0, { value: at }) });
      await open.store.commit();
    });
    await Promise.all(committing);
    const values = (await open.store.commands(1, EVER)).map(({ value }) => value);
    assert.deepEqual(
      values,
      [...values].sort((a, b) => a - b),
    );
    assert.equal(values.length, 50);
  });

  it('refuses to work when it is closed', async () => {
    await open.store.close();
    const closed = (error: unknown) => error instanceof RipeError && error.code === 'RIPE_STORE_FAILED';
    assert.throws(() => open.addSensors(1), closed);
    await assert.rejects(open.store.commit(), closed);
    await assert.rejects(loadAll(open.store), closed);
    await open.store.close();
  });
}

async function everythingIn(store: Store) {
  const { gardenId, ...garden } = await loadAll(store);
  const history = [];
  for (const id of [1, 2, 3]) {
    history.push(await store.rows(id, EVER), await store.log(id, 99), await store.commands(id, EVER));
    history.push(await store.sensorCommands(id, 99));
  }
  return { garden, history, jobs: await store.openJobs() };
}
