import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { make } from '../../contract/changes.ts';
import { describeStore } from '../../contract/store-contract.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { loadAll } from '../../support/load-all.ts';
import { MemoryDisk } from '../../support/memory-disk.ts';
import { MemoryStore } from '../../support/memory-store.ts';

async function opened(...options: ConstructorParameters<typeof MemoryStore>): Promise<MemoryStore> {
  const store = new MemoryStore(...options);
  await store.open();
  return store;
}

describeStore('The store that the tests of the runtime use', async () => {
  let store = await opened();
  return {
    store,
    async reopen() {
      await store.close();
      store = await opened(store.disk);
      return store;
    },
    dispose: () => store.close(),
  };
});

describe('MemoryStore', () => {
  it('commits by itself within a tick, and loses in a crash what is younger', async () => {
    const clock = new FakeClock();
    const store = await opened(new MemoryDisk(), clock);
    store.write({ type: 'sensorAdded', sensor: make.sensor(1) });
    clock.pass(50);
    store.write({ type: 'sensorAdded', sensor: make.sensor(2) });
    const after = await opened(store.crash());
    assert.deepEqual((await loadAll(after)).sensors, [make.sensor(1)]);
  });

  it('keeps what it could not commit', async () => {
    const store = await opened();
    store.isFailing = true;
    store.write({ type: 'sensorAdded', sensor: make.sensor(1) });
    await assert.rejects(store.commit());
    store.isFailing = false;
    await store.commit();
    assert.equal(store.disk.sensors.length, 1);
  });
});
