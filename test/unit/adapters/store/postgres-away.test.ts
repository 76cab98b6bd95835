import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PostgresStoreOptions } from '../../../../src/adapters/store/postgres/postgres-store.ts';
import { createPostgresStore } from '../../../../src/adapters/store/postgres/postgres-store.ts';
import type { Change } from '../../../../src/domain/change.ts';
import { RipeError } from '../../../../src/domain/errors.ts';
import type { Store } from '../../../../src/domain/store.ts';
import { make } from '../../../contract/changes.ts';
import { EVER } from '../../../contract/open-store.ts';
import { CommitCutter } from '../../../support/commit-cutter.ts';
import { eventually } from '../../../support/eventually.ts';
import { loadAll } from '../../../support/load-all.ts';
import { usePostgres } from '../../../support/postgres.ts';
import { until } from '../../../support/until.ts';

const command = (value: number): Change => ({ type: 'commandAdded', command: make.command(0, { value }) });
const agent = (value: number): Change => ({
  type: 'agentSaved',
  agent: make.agent({ domain: `${value}`, value }),
});
const failed = (error: unknown) => error instanceof RipeError && error.code === 'RIPE_STORE_FAILED';
const valuesIn = async (store: Store) => (await store.commands(1, EVER)).map(({ value }) => value);
const upTo = (count: number) => Array.from({ length: count }, (_, value) => value);

describe('a PostgreSQL store whose database goes away', () => {
  // What it has written is safe from a kill without any fsync: that is for power cuts.
  const server = usePostgres();
  const ends: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  const create = async (options: Partial<PostgresStoreOptions> = {}) => {
    const url = server.url(await server.createDatabase());
    const notices: string[] = [];
    const store = createPostgresStore({
      url,
      onFailing: () => undefined,
      onNotice: (text) => notices.push(text),
      ...options,
    });
    ends.push(() => store.close());
    await store.open();
    store.write({ type: 'sensorAdded', sensor: make.sensor(1) });
    await store.commit();
    return { store, notices };
  };

  /** A store that knows that nobody answers. */
  const away = async (options: Partial<PostgresStoreOptions> = {}) => {
    const created = await create(options);
    await server.stop();
    ends.push(() => server.start());
    created.store.write(agent(0));
    await created.store.commit();
    return created;
  };
  const back = async (store: Store) => {
    await server.start();
    ends.pop();
    await eventually(() => store.ping());
    await eventually(() => loadAll(store));
  };

  it('loses nothing that was acknowledged when the server is killed under load, and keeps the order', async () => {
    const { store } = await create({ tickMs: 5 });
    const acknowledged: number[] = [];
    let next = 0;
    let isRunning = true;
    const writing = (async () => {
      while (isRunning) {
        const value = next++;
        store.write(command(value));
        store.write(agent(value));
        await store.commit();
        acknowledged.push(value);
        await sleep(1);
      }
    })();
    for (let kill = 0; kill < 2; kill += 1) {
      await until(() => acknowledged.length >= 50 * (kill + 1));
      await server.stop('SIGQUIT');
      await sleep(100);
      await server.start();
      await eventually(() => loadAll(store));
    }
    isRunning = false;
    await writing;
    assert.deepEqual(await valuesIn(store), acknowledged);
    assert.equal((await loadAll(store)).agents.length, acknowledged.length);
  });

  it('tells queued from stored, for whoever wants to know', async () => {
    const { store } = await away();
    store.write(agent(1));
    await store.commit();
    await assert.rejects(store.commitToDisk(), failed);
    await back(store);
    await store.commitToDisk();
    assert.equal((await loadAll(store)).agents.length, 2);
  });

  for (const cuts of ['before', 'after'] as const) {
    it(`writes a batch once when the line is cut ${cuts} its COMMIT`, async () => {
      const cutter = await new CommitCutter(server.port).start();
      ends.push(() => cutter.stop());
      const url = server.url(await server.createDatabase(), { port: cutter.port });
      const { store } = await create({ url });
      for (let round = 0; round < 3; round += 1) {
        cutter.cuts = cuts;
        for (const value of upTo(10)) store.write(command(10 * round + value));
        store.write(agent(round));
        await store.commit();
        await eventually(() => loadAll(store));
      }
      assert.equal(cutter.count, 3);
      assert.deepEqual(await valuesIn(store), upTo(30));
      assert.equal((await loadAll(store)).agents.length, 3);
    });
  }

  it('acknowledges what is queued, refuses reads, and writes everything when it is back', async () => {
    const { store, notices } = await away();
    for (const value of upTo(100)) {
      store.write(command(value));
      await store.commit();
    }
    await assert.rejects(loadAll(store), failed);
    await assert.rejects(store.ping(), failed);
    await back(store);
    assert.deepEqual(await valuesIn(store), upTo(100));
    assert.match(notices.at(-1) ?? '', /^The database postgres:\/\/gardener@127.* is back$/);
  });

  it('refuses what goes beyond the bound, and not before', async () => {
    const { store } = await away({ most: 20 });
    for (const value of upTo(19)) {
      store.write(agent(value));
      await store.commit();
    }
    store.write(agent(19));
    await assert.rejects(store.commit(), failed);
    store.write({ type: 'sensorAdded', sensor: make.sensor(2) });
    await assert.rejects(store.commit(), failed);
    await back(store);
    const { agents, sensors } = await loadAll(store);
    assert.equal(agents.length, 20);
    assert.deepEqual(sensors, [make.sensor(1)]);
    store.write(agent(20));
    await store.commit();
  });

  it('drops the oldest history before it refuses anything, and tells how much', async () => {
    const { store, notices } = await away({ most: 20 });
    store.write({ type: 'rowSaved', sensor: 1, row: make.row(1) });
    for (const value of upTo(1000)) store.write(command(value));
    for (const value of upTo(5)) store.write(agent(value));
    await store.commit();
    await back(store);
    assert.deepEqual(await valuesIn(store), [991, 992, 993, 994, 995, 996, 997, 998, 999]);
    assert.equal((await store.rows(1, EVER)).length, 1);
    assert.equal((await loadAll(store)).agents.length, 5);
    assert.match(notices.at(-1) ?? '', /is back; 991 changes/);
  });

  it('takes most writes of an hour without slowing down', async () => {
    const { store } = await away();
    const start = performance.now();
    for (const value of upTo(200_000)) store.write(command(value));
    assert.ok(performance.now() - start < 8_000);
    await back(store);
    assert.equal((await valuesIn(store)).length, 5_000);
  });

  it('waits for it when it is opened, until it is closed', async () => {
    const url = server.url(await server.createDatabase());
    await server.stop();
    ends.push(() => server.start());
    const notices: string[] = [];
    const onNotice = (text: string) => notices.push(text);
    const store = createPostgresStore({ url, onNotice });
    const opening = store.open();
    await until(() => notices.length > 0);
    assert.match(notices[0] ?? '', /cannot be used: connect ECONNREFUSED .*; waiting for it$/);
    await server.start();
    ends.pop();
    await opening;
    await store.close();
    await server.stop();
    ends.push(() => server.start());
    const refused = assert.rejects(store.open(), { code: 'RIPE_STORE_UNREACHABLE' });
    await until(() => notices.length === 2);
    await store.close();
    await refused;
    assert.equal(notices.length, 2);
  });

  it('survives a server that is killed while it is read', async () => {
    const { store } = await create();
    ends.push(() => server.start());
    let isRunning = true;
    const reading = async () => {
      let failures = 0;
      while (isRunning) await loadAll(store).catch(() => (failures += 1));
      return failures;
    };
    const readers = [reading(), reading(), reading(), reading()];
    await sleep(100);
    await server.stop();
    await sleep(100);
    isRunning = false;
    for (const failures of await Promise.all(readers)) assert.ok(failures > 0);
  });

  it('says so when it hangs, and refuses reads until it is over', async () => {
    const database = await server.createDatabase();
    const notices: string[] = [];
    const onNotice = (text: string) => notices.push(text);
    const store = createPostgresStore({ url: server.url(database), stallMs: 50, onNotice });
    ends.push(() => store.close());
    await store.open();
    const locked = server.query(
      'begin; update ripe.writers set at = at; select pg_sleep(1); commit',
      database,
    );
    // The lock may come a moment later than this: then it is the next commit that hangs.
    await eventually(async () => {
      store.write(agent(0));
      void store.commit().catch(() => undefined);
      await assert.rejects(store.log(1, 9), { code: 'RIPE_STORE_STALLED' });
    });
    await assert.rejects(store.ping(), { code: 'RIPE_STORE_STALLED' });
    assert.ok((store.pendingMs ?? 0) >= 50);
    await locked;
    await eventually(() => store.log(1, 9));
    assert.match(notices[0] ?? '', /has not answered for .* s; what has to be stored waits/);
    assert.match(notices[1] ?? '', /has kept waiting took .* s$/);
  });

  it('says so when it is closed with changes that found no way', async () => {
    const { store, notices } = await away();
    ends.splice(0, 1);
    store.write(agent(1));
    await assert.rejects(store.close(), failed);
    assert.match(notices.at(-1) ?? '', /: 2 changes are lost$/);
  });
});
