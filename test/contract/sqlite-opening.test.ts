import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { connect } from '../../src/adapters/store/sqlite/connect.ts';
import { createSqliteStore } from '../../src/adapters/store/sqlite/sqlite-store.ts';
import type { Change } from '../../src/domain/change.ts';
import type { Store } from '../../src/domain/store.ts';
import { loadAll } from '../support/load-all.ts';
import { until } from '../support/until.ts';
import { make } from './changes.ts';
import { EVER } from './open-store.ts';
import { tempFile } from './temp-file.ts';

const CHILD = join(import.meta.dirname, 'commit-for-ever.ts');
const command = (value: number): Change => ({ type: 'commandAdded', command: make.command(0, { value }) });
const valuesIn = async (store: Store) => (await store.commands(1, EVER)).map(({ value }) => value);

describe('opening a SQLite store', () => {
  let temp: Awaited<ReturnType<typeof tempFile>>;
  let file: string;

  beforeEach(async () => {
    temp = await tempFile('new/garden.db');
    file = temp.file;
  });
  afterEach(() => temp.dispose());

  const open = async () => {
    const store = createSqliteStore({ file });
    await store.open();
    return store;
  };
  const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);
  const makeFile = (content: string) => {
    mkdirSync(dirname(file));
    writeFileSync(file, content);
  };
  const edit = (statement: string) => {
    const database = new DatabaseSync(file);
    database.exec(statement);
    database.close();
  };

  it('makes file and directory for their owner only', async () => {
    const store = await open();
    store.write(command(1));
    await store.commit();
    assert.deepEqual([file, `${file}-wal`, `${file}-shm`].map(modeOf), ['600', '600', '600']);
    assert.equal(modeOf(dirname(file)), '700');
    await store.close();
  });

  it('hides a file that others could read', async () => {
    await (await open()).close();
    chmodSync(file, 0o644);
    await (await open()).close();
    assert.equal(modeOf(file), '600');
  });

  describe('on a disk that takes nothing', () => {
    const full = Object.assign(new Error('disk I/O error'), { code: 'ERR_SQLITE_ERROR', errcode: 4874 });
    const readOnly = Object.assign(new Error('EROFS: read-only file system'), { code: 'EROFS' });

    it('waits until there is room, and says so once', async () => {
      const faults = [full, full, readOnly];
      const notices: string[] = [];
      const store = createSqliteStore({
        file,
        againMs: 5,
        onNotice: (text) => notices.push(text),
        connect(...args) {
          const fault = faults.shift();
          if (fault !== undefined) throw fault;
          return connect(...args);
        },
      });
      await store.open();
      assert.deepEqual(await store.openJobs(), []);
      assert.equal(notices.length, 1);
      assert.match(notices[0] ?? '', /cannot be opened yet.*disk I\/O error.*trying again/);
      await store.close();
    });

    it('gives up when it is closed', async () => {
      let tries = 0;
      const store = createSqliteStore({
        file,
        onNotice: () => undefined,
        connect() {
          tries += 1;
          throw full;
        },
      });
      const opened = store.open();
      await until(() => tries === 1);
      const closed = store.close();
      await assert.rejects(opened, { code: 'RIPE_STORE_UNREADABLE' });
      await closed;
    });
  });

  it('refuses a corrupt file and leaves it as it is', async () => {
    makeFile('no database '.repeat(1000));
    const before = readFileSync(file);
    const params = { file, reason: 'file is not a database' };
    await assert.rejects(open(), { code: 'RIPE_STORE_UNREADABLE', params });
    assert.deepEqual(readFileSync(file), before);
  });

  it("refuses another program's database and leaves it as it is", async () => {
    makeFile('');
    edit('CREATE TABLE theirs (a)');
    const params = { file, reason: 'it is not a database of RIPE' };
    await assert.rejects(open(), { code: 'RIPE_STORE_UNREADABLE', params });
    const tables = new DatabaseSync(file).prepare('SELECT name FROM sqlite_schema').all();
    assert.deepEqual(
      tables.map(({ name }) => name),
      ['theirs'],
    );
  });

  it('refuses a directory in the place of the file', async () => {
    mkdirSync(file, { recursive: true });
    await assert.rejects(open(), { code: 'RIPE_STORE_UNREADABLE' });
  });

  it('refuses the database of a newer RIPE, and opens it again once that is undone', async () => {
    const store = await open();
    await store.close();
    edit("INSERT INTO kysely_migration VALUES ('9999-future', '2999-01-01')");
    await assert.rejects(store.open(), { code: 'RIPE_STORE_NEWER', params: { file } });
    edit("DELETE FROM kysely_migration WHERE name = '9999-future'");
    await store.open();
    await store.close();
  });

  it('names a page that is corrupt when it is read', async () => {
    await (await open()).close();
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.fill(0xff, 4096));
    const store = createSqliteStore({ file });
    const reading = store.open().then(() => loadAll(store));
    await assert.rejects(reading, { code: 'RIPE_STORE_UNREADABLE' });
    await store.close();
  });

  it('waits for another process that writes', async () => {
    const store = await open();
    const script = `const db = new (require('node:sqlite').DatabaseSync)(process.argv[1]);
      db.exec('BEGIN IMMEDIATE'); console.log('locked'); setTimeout(() => db.exec('COMMIT'), 200);`;
    const child = spawn(process.execPath, ['-e', script, file], { stdio: ['ignore', 'pipe', 'ignore'] });
    await once(child.stdout, 'data');
    store.write(command(1));
    await store.commit();
    assert.deepEqual(await valuesIn(store), [1]);
    await store.close();
  });

  it('finds everything that was committed before a SIGKILL', async () => {
    const child = spawn(process.execPath, [...process.execArgv, CHILD, file], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let printed = '';
    for await (const text of child.stdout.setEncoding('utf8')) {
      printed += text;
      if (printed.length > 500) child.kill('SIGKILL');
    }
    const store = await open();
    const values = await valuesIn(store);
    const announced = printed.split('\n').slice(0, -1).map(Number);
    assert.ok(announced.length > 100);
    assert.deepEqual(values.slice(0, announced.length), announced);
    assert.ok(values.length <= announced.length + 1);
    await store.close();
  });
});
