import assert from 'node:assert/strict';
import type { PostgresStoreOptions } from '../../../../src/adapters/store/postgres/postgres-store.ts';
import { createPostgresStore } from '../../../../src/adapters/store/postgres/postgres-store.ts';
import type { Change } from '../../../../src/domain/change.ts';
import { RipeError } from '../../../../src/domain/errors.ts';
import type { Store } from '../../../../src/domain/store.ts';
import { belongings } from '../../../contract/belongings.ts';
import { make } from '../../../contract/changes.ts';
import { EVER } from '../../../contract/open-store.ts';
import { tempPostgresStore } from '../../../contract/temp-postgres-store.ts';
import { loadAll } from '../../../support/load-all.ts';
import { usePostgres } from '../../../support/postgres.ts';

const command = (value: number): Change => ({ type: 'commandAdded', command: make.command(0, { value }) });
const valuesIn = async (store: Store) => (await store.commands(1, EVER)).map(({ value }) => value);
const failed = (error: unknown) => error instanceof RipeError && error.code === 'RIPE_STORE_FAILED';

describe('a PostgreSQL store', () => {
  const server = usePostgres();
  const ends: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  const create = async (options: Partial<PostgresStoreOptions> = {}) => {
    const temp = await tempPostgresStore(server, { tickMs: 60_000, ...options });
    ends.push(temp.dispose);
    return temp;
  };
  const opening = async (options: PostgresStoreOptions) => {
    const store = createPostgresStore(options);
    ends.push(() => store.close());
    await store.open();
    return store;
  };

  it('commits the changes of concurrent commits in one transaction', async () => {
    const { store, database } = await create();
    const commits = Array.from({ length: 500 }, (_, value) => {
      store.write(command(value));
      return store.commit();
    });
    await Promise.all(commits);
    assert.deepEqual(await server.query('select batch from ripe.writers', database), [{ batch: '1' }]);
  });

  it('removes the readings of a sensor with it', async () => {
    const { store, database } = await create();
    for (const change of [...belongings(1), ...belongings(2)]) store.write(change);
    store.write({ type: 'sensorRemoved', sensor: 1 });
    await store.commit();
    assert.deepEqual(await server.query('select distinct sensor from ripe.readings', database), [
      { sensor: 2 },
    ]);
  });

  it('keeps what PostgreSQL has no place for as U+FFFD', async () => {
    const { store } = await create();
    store.write({ type: 'sensorAdded', sensor: make.sensor(1) });
    store.write({ type: 'logAdded', line: make.line(0, { text: 'a\0b\ud800c' }) });
    store.write({ type: 'agentSaved', agent: make.agent({ state: 'a\0b' }) });
    await store.commit();
    assert.equal((await store.log(1, 1))[0]?.text, 'a\ufffdb\ufffdc');
    assert.equal((await loadAll(store)).agents[0]?.state, 'a\0b');
  });

  describe('given a change that can never be written', () => {
    const twice: Change = { type: 'sensorAdded', sensor: make.sensor(1) };
    const circular: Record<string, never> = {};
    Object.assign(circular, { circular });
    const unspeakable: Change = { type: 'agentSaved', agent: make.agent({ state: circular }) };
    const tooLarge: Change = { type: 'commandAdded', command: make.command(0, { value: 2 ** 40 }) };

    for (const [what, poison] of [
      ['breaks a constraint', twice],
      ['is no JSON', unspeakable],
      ['is out of range', tooLarge],
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

  it('is made once by many that open it at the same time', async () => {
    const url = server.url(await server.createDatabase());
    const stores = await Promise.all(Array.from({ length: 4 }, () => opening({ url })));
    const ids = await Promise.all(stores.map(async (store) => (await loadAll(store)).gardenId));
    assert.equal(new Set(ids).size, 1);
  });

  it('refuses the database of a newer RIPE, and opens it again once that is undone', async () => {
    const { store, database } = await create();
    await store.close();
    await server.query("insert into ripe.kysely_migration values ('9999-future', '2999-01-01')", database);
    const shown = `postgres://gardener@127.0.0.1:${server.port}/${database}`;
    await assert.rejects(store.open(), { code: 'RIPE_STORE_NEWER', params: { file: shown } });
    await server.query("delete from ripe.kysely_migration where name = '9999-future'", database);
    await store.open();
  });

  it('writes no more into a database that was restored under it', async () => {
    const { store, database } = await create({ onFailing: () => undefined });
    await server.query('delete from ripe.writers', database);
    store.write(command(1));
    await assert.rejects(store.commit(), (error: RipeError) => /restart RIPE/.test(String(error.cause)));
    assert.deepEqual(await server.query('select * from ripe.commands', database), []);
    await assert.rejects(store.close(), failed);
    await store.open();
  });

  describe('says what is wrong', () => {
    const refused = async (options: PostgresStoreOptions, code: string, text: RegExp) => {
      const store = createPostgresStore(options);
      await assert.rejects(store.open(), (error: RipeError) => {
        assert.equal(error.code, code);
        assert.match(error.message, text);
        assert.doesNotMatch(`${error.stack}`, /geheim|hush/);
        return true;
      });
    };

    it('with the password', async () => {
      const database = await server.createDatabase();
      const url = server.url(database, { password: 'hush' });
      await refused({ url }, 'RIPE_STORE_UNREACHABLE', /password authentication failed for user "gardener"/);
      const without = `postgres://gardener@127.0.0.1:${server.port}/${database}`;
      await refused({ url: without }, 'RIPE_STORE_UNREACHABLE', /wants a password/);
    });

    it('with the database', () =>
      refused({ url: server.url('none') }, 'RIPE_STORE_UNREACHABLE', /database "none" does not exist/));

    it('with the URL, which it does not repeat', async () => {
      for (const url of [
        'mysql://a:hush@b/c',
        'postgres://a:hu/hush@b/c',
        'postgres://a:1/hush@b/c',
        'hush',
      ]) {
        await refused({ url }, 'RIPE_STORE_UNREACHABLE', /RIPE_DATABASE_URL/);
      }
    });

    it('with the installation', async () => {
      const missing = Object.assign(new Error("Cannot find package 'pg'"), { code: 'ERR_MODULE_NOT_FOUND' });
      const options = { url: server.url('any'), loadDriver: () => Promise.reject(missing) };
      await refused(options, 'RIPE_STORE_DRIVER_MISSING', /npm install pg/);
    });
  });
});
