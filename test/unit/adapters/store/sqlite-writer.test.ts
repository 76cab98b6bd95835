import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SqliteStoreOptions } from '../../../../src/adapters/store/sqlite/sqlite-store.ts';
import type { Change } from '../../../../src/domain/change.ts';
import { RipeError } from '../../../../src/domain/errors.ts';
import type { Store } from '../../../../src/domain/store.ts';
import { make } from '../../../contract/changes.ts';
import { EVER } from '../../../contract/open-store.ts';
import { type WatchedSqliteStore, watchedSqliteStore } from '../../../contract/watched-sqlite-store.ts';
import { DEATHS } from '../../../contract/watched-writer.ts';

const STALL_MS = 60_000;
const command = (value: number): Change => ({ type: 'commandAdded', command: make.command(0, { value }) });
const valuesIn = async (store: Store) => (await store.commands(1, EVER)).map(({ value }) => value);
const failed = (error: unknown) => error instanceof RipeError && error.code === 'RIPE_STORE_FAILED';

describe('the thread that writes', () => {
  let watched: WatchedSqliteStore;
  afterEach(async () => {
    watched.writer.release();
    await watched.dispose();
  });

  const notices: string[] = [];
  const open = async (options: Partial<SqliteStoreOptions> = {}) => {
    notices.length = 0;
    const onNotice = (text: string) => notices.push(text);
    watched = await watchedSqliteStore({ onNotice, onFailing: () => undefined, ...options });
    return watched;
  };
  const until = async (condition: () => boolean) => {
    while (!condition()) await sleep(2);
  };

  describe('while the disk hangs in a commit', () => {
    it('keeps nobody waiting but those who wait for the disk', async () => {
      const { store, writer } = await open();
      await store.commit();
      writer.set('stallMs', STALL_MS);
      store.write(command(1));
      let isDone = false;
      const done = store.commit().then(() => {
        isDone = true;
      });
      await until(() => writer.get('stalls') === 1);
      const begun = performance.now();
      store.write(command(2));
      await store.ping();
      await sleep(20);
      assert.ok(performance.now() - begun < STALL_MS / 6);
      assert.equal(isDone, false);
      writer.release();
      await done;
      assert.deepEqual(await valuesIn(store), [1, 2]);
    });

    it('keeps ten times as much as while it fails, and lets go of the oldest history then', async () => {
      const { store, writer } = await open({ most: 10 });
      await store.commit();
      writer.set('stallMs', STALL_MS);
      store.write(command(-1));
      const first = store.commit();
      await until(() => writer.get('stalls') === 1);
      for (let value = 0; value < 1_000; value += 1) store.write(command(value));
      writer.release();
      await first;
      const values = await valuesIn(store);
      assert.equal(values[0], -1);
      assert.deepEqual(values.slice(-3), [997, 998, 999]);
      assert.ok(values.length <= 101, `${values.length} are kept`);
      assert.match(notices.at(-1) ?? '', /changes, the oldest of the history, found no room meanwhile/);
    });

    it('closes once all is on disk', async () => {
      const { store, writer } = await open();
      writer.set('stallMs', STALL_MS);
      store.write(command(1));
      const first = store.commit();
      await until(() => writer.get('stalls') === 1);
      store.write(command(2));
      const closed = store.close();
      writer.release();
      await Promise.all([first, closed]);
      assert.deepEqual(await valuesIn(await watched.reopen()), [1, 2]);
    });
  });

  describe('that ends by itself', () => {
    const die = (moment: (typeof DEATHS)[number]) => watched.writer.set('dies', DEATHS.indexOf(moment));

    it('acknowledges nothing that it has not committed, and another one commits it', async () => {
      const { store } = await open();
      die('before');
      store.write(command(1));
      await assert.rejects(store.commit(), failed);
      await store.commit();
      assert.deepEqual(await valuesIn(store), [1]);
      assert.match(notices[0] ?? '', /ended with code 7\); another one takes its place/);
    });

    it('writes nothing twice that it has committed', async () => {
      const { store } = await open();
      die('after');
      store.write({ type: 'sensorAdded', sensor: make.sensor(1) });
      store.write(command(1));
      await store.commit();
      store.write(command(2));
      await store.commit();
      assert.deepEqual(await valuesIn(store), [1, 2]);
      assert.equal(notices.length, 1);
    });
  });

  it('lets nobody else write, and refuses what comes after its end', async () => {
    const { store } = await open();
    store.write(command(1));
    await store.close();
    assert.throws(() => store.write(command(2)), failed);
    assert.deepEqual(await valuesIn(await watched.reopen()), [1]);
  });
});
