import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SqliteStoreOptions } from '../../../../src/adapters/store/sqlite/sqlite-store.ts';
import type { Change } from '../../../../src/domain/change.ts';
import { RipeError } from '../../../../src/domain/errors.ts';
import type { Store } from '../../../../src/domain/store.ts';
import { belongings } from '../../../contract/belongings.ts';
import { make } from '../../../contract/changes.ts';
import { EVER } from '../../../contract/open-store.ts';
import { type WatchedSqliteStore, watchedSqliteStore } from '../../../contract/watched-sqlite-store.ts';
import { loadAll } from '../../../support/load-all.ts';

const command = (value: number): Change => ({ type: 'commandAdded', command: make.command(0, { value }) });
const valuesIn = async (store: Store) => (await store.commands(1, EVER)).map(({ value }) => value);
const failed = (error: unknown) => error instanceof RipeError && error.code === 'RIPE_STORE_FAILED';

describe('a SQLite store', () => {
  const stores: WatchedSqliteStore[] = [];
  afterEach(async () => {
    for (const watched of stores.splice(0)) await watched.dispose();
  });

  const create = async (options: Partial<SqliteStoreOptions> = {}) => {
    const watched = await watchedSqliteStore(options);
    stores.push(watched);
    return watched;
  };
  const until = async (condition: () => unknown) => {
    while (!condition()) await sleep(2);
  };

  it('commits the changes of concurrent commits in one transaction', async () => {
    const { store, writer } = await create();
    const commits = Array.from({ length: 500 }, (_, value) => {
      store.write(command(value));
      return store.commit();
    });
    await Promise.all(commits);
    assert.deepEqual(writer.executed, ['PRAGMA synchronous = FULL', 'BEGIN IMMEDIATE', 'COMMIT']);
  });

  it('writes only the latest of an agent, a row and a job', async () => {
    const watched = await create();
    for (let value = 0; value < 100; value += 1) {
      watched.store.write({ type: 'agentSaved', agent: make.agent({ value }) });
      watched.store.write({ type: 'rowSaved', sensor: 1, row: make.row(1, { light: value }) });
      watched.store.write({ type: 'jobSaved', job: make.job('a', { startedAt: value }) });
    }
    await watched.store.commit();
    assert.equal(watched.writer.get('changes'), 3);
    assert.deepEqual(await watched.store.openJobs(), [make.job('a', { startedAt: 99 })]);
  });

  it('commits by itself at the tick, leaving the sync to the system', async () => {
    const { store, writer } = await create({ tickMs: 5 });
    store.write(command(1));
    await until(() => writer.executed.includes('COMMIT'));
    assert.equal(writer.executed[0], 'PRAGMA synchronous = NORMAL');
  });

  it('syncs what a tick has committed when somebody asks for it', async () => {
    const { store, writer } = await create();
    store.write(command(1));
    await valuesIn(store);
    writer.forget();
    await store.commit();
    assert.deepEqual(writer.executed, ['PRAGMA synchronous = FULL', 'PRAGMA user_version = 1']);
    await store.commit();
    assert.equal(writer.executed.length, 2);
  });

  it('removes the readings of a sensor with it', async () => {
    const { store, file } = await create();
    for (const change of [...belongings(1), ...belongings(2)]) store.write(change);
    store.write({ type: 'sensorRemoved', sensor: 1 });
    await store.commit();
    const database = new DatabaseSync(file, { readOnly: true });
    assert.deepEqual(
      database
        .prepare('SELECT DISTINCT sensor FROM readings')
        .all()
        .map(({ sensor }) => sensor),
      [2],
    );
    database.close();
  });

  describe('on a full disk', () => {
    const LINES = 200;
    const fill = (store: Store) => {
      for (let n = 0; n < LINES; n += 1) {
        store.write({ type: 'logAdded', line: make.line(n, { text: 'x'.repeat(250) }) });
      }
    };
    it('rejects commits and reads, and takes everything once there is room', async () => {
      const failures: RipeError[] = [];
      const watched = await create({ onFailing: (error) => failures.push(error) });
      const { store } = watched;
      watched.writer.limitTo(1);
      fill(store);
      await assert.rejects(store.commit(), failed);
      await assert.rejects(store.commit(), failed);
      await assert.rejects(store.log(1, 9), failed);
      assert.match(String(failures[0]?.cause), /database or disk is full/);
      assert.equal(failures.length, 1);
      watched.writer.limitTo(null);
      store.write(command(7));
      await store.commit();
      assert.equal((await store.log(1, 999)).length, LINES);
      assert.deepEqual(await valuesIn(store), [7]);
    });

    it('tells a start what is on disk, with the jobs that are still to be written', async () => {
      const { store, writer } = await create({ onFailing: () => undefined, onNotice: () => undefined });
      const running = make.job('a', { status: 'running', startedAt: 1 });
      store.write({ type: 'sensorAdded', sensor: make.sensor(1) });
      const waiting = make.job('c', { status: 'running', startedAt: 3, waitsSince: 3, createdAt: 2 });
      for (const job of [running, waiting]) store.write({ type: 'jobSaved', job });
      await store.commit();
      writer.limitTo(1);
      for (let value = 0; value < 2_000; value += 1) store.write(command(value));
      const ended = { ...running, status: 'ended', endedAt: 5, outcome: 'finished' } as const;
      const begun = make.job('b', { status: 'running', startedAt: 2 });
      const goesOn = { ...waiting, waitsSince: null };
      for (const job of [ended, begun, goesOn]) store.write({ type: 'jobSaved', job });
      await assert.rejects(store.commit(), failed);
      // What may not turn anything on yet is as it was, or says so.
      assert.deepEqual(await store.openJobs(), [{ ...begun, isUnwritten: true }, waiting]);
      assert.deepEqual(await store.endedJobs(0, null, 9), { jobs: [ended], next: null });
      assert.deepEqual(await store.endedJobs(6, null, 9), { jobs: [], next: null });
      assert.equal((await store.load()).lastSensorId, 1);
      assert.equal((await loadAll(store)).sensors.length, 1);
      // Who would be shown an agent as it was is told nothing.
      store.write({ type: 'agentSaved', agent: make.agent({}) });
      await assert.rejects(store.loadSensors(0, 9), failed);
      assert.deepEqual((await store.loadSensors(1, 9)).sensors, []);
      writer.limitTo(null);
    });

    it('keeps no more than fits its queue, and lets go of the oldest history first', async () => {
      const notices: string[] = [];
      const onNotice = (text: string) => notices.push(text);
      const watched = await create({ most: 20, onNotice, onFailing: () => undefined });
      const { store } = watched;
      watched.writer.limitTo(1);
      fill(store);
      await assert.rejects(store.commit(), failed);
      for (let value = 0; value < 50; value += 1) store.write(command(value));
      watched.writer.limitTo(null);
      await store.commit();
      assert.deepEqual(await valuesIn(store), [40, 41, 42, 43, 44, 45, 46, 47, 48, 49]);
      assert.match(notices.at(-1) ?? '', /is written again; 240 changes, the oldest of the history/);
    });

    it('tries again by itself, less and less often', async () => {
      const watched = await create({ tickMs: 5, onFailing: () => undefined });
      watched.writer.limitTo(1);
      fill(watched.store);
      const tries = () => watched.writer.executed.filter((text) => text === 'BEGIN IMMEDIATE').length;
      // Its thread starts first.
      await until(() => tries() > 0);
      const since = performance.now();
      await until(() => tries() > 5);
      // Every 5 ms they would be over within 25 ms.
      const took = performance.now() - since;
      assert.ok(took > 150, `${took} ms`);
      watched.writer.limitTo(null);
      await until(() => watched.writer.executed.at(-1) === 'COMMIT');
      assert.equal((await watched.store.log(1, 999)).length, LINES);
    });
  });

  describe('given a change that can never be written', () => {
    const twice: Change = { type: 'sensorAdded', sensor: make.sensor(1) };
    const circular: Record<string, never> = {};
    Object.assign(circular, { circular });
    const unspeakable: Change = { type: 'agentSaved', agent: make.agent({ state: circular }) };

    for (const [what, poison] of [
      ['breaks a constraint', twice],
      ['is no JSON', unspeakable],
    ] as const) {
      it(`drops it alone when it ${what}`, async () => {
        const dropped: Change[] = [];
        const { store } = await create({ onPoison: (_, change) => dropped.push(change) });
        for (const change of [twice, command(1), poison, command(2)]) store.write(change);
        await assert.rejects(store.commit(), failed);
        assert.deepEqual(dropped, [poison]);
        store.write(command(3));
        await store.commit();
        assert.deepEqual(await valuesIn(store), [1, 2, 3]);
        assert.deepEqual((await loadAll(store)).sensors, [make.sensor(1)]);
      });
    }
  });
});
