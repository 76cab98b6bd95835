import assert from 'node:assert/strict';
import { Epoch } from '../../../../src/adapters/garden/epoch.ts';
import { MemoryStore } from '../../../support/memory-store.ts';

const SECONDS_2026 = (Date.UTC(2026, 0, 1) - Date.UTC(2020, 0, 1)) / 1_000;

describe('The epoch of a garden', () => {
  async function epochAt(now: number) {
    const store = new MemoryStore();
    await store.open();
    const errors: string[] = [];
    const onError = (error: unknown) => void errors.push(String(error));
    return { store, errors, epoch: new Epoch({ store, clock: { now: () => now }, patienceMs: 20, onError }) };
  }

  it('rises by one where the clock is behind, as on a machine that has none', async () => {
    const { epoch } = await epochAt(0);
    epoch.resume(7);
    assert.equal(epoch.present, 7);
    assert.deepEqual(await Promise.all([epoch.raise(), epoch.raise()]), [8, 9]);
    assert.equal(epoch.present, 9);
  });

  it('follows the clock, past what a backup of yesterday has', async () => {
    const { epoch } = await epochAt(Date.UTC(2026, 0, 1));
    epoch.resume(7);
    assert.deepEqual([await epoch.raise(), await epoch.raise()], [SECONDS_2026, SECONDS_2026 + 1]);
  });

  it('is on disk before it is in force, and then tells who listens', async () => {
    const { epoch, store } = await epochAt(0);
    const told: [number, number][] = [];
    const unwatch = epoch.onRaised((raised) => void told.push([raised, store.disk.epoch]));
    const raising = epoch.raise();
    assert.equal(epoch.present, 0);
    await raising;
    unwatch();
    await epoch.raise();
    assert.deepEqual(told, [[1, 1]]);
  });

  it('is in force also where the store does not take it, which somebody is told', async () => {
    const { epoch, store, errors } = await epochAt(0);
    store.isFailing = true;
    assert.equal(await epoch.raise(), 1);
    assert.equal(epoch.present, 1);
    assert.equal(errors.length, 1);
  });

  it('is in force also where the disk hangs: a broker that has taken over is told to stop water only then', async () => {
    const { epoch, store, errors } = await epochAt(0);
    store.isHanging = true;
    assert.equal(await epoch.raise(), 1);
    assert.equal(errors.length, 1);
    store.isHanging = false;
    assert.equal(await epoch.raise(), 2);
    assert.equal(store.disk.epoch, 2);
  });
});
