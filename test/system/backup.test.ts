import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { createStore } from '../../src/adapters/store/create-store.ts';
import type { Change } from '../../src/domain/change.ts';
import type { Store } from '../../src/domain/store.ts';
import { make } from '../contract/changes.ts';
import { EVER } from '../contract/open-store.ts';
import { loadAll } from '../support/load-all.ts';
import { PASSWORD, usePostgres } from '../support/postgres.ts';
import { Ripe, useRipe } from '../support/ripe.ts';
import { REPO } from '../support/ripe-process.ts';
import { until } from '../support/until.ts';

const command = (value: number): Change => ({
  type: 'commandAdded',
  command: make.command(value, { value }),
});
const agent = (value: number): Change => ({ type: 'agentSaved', agent: make.agent({ value }) });
const valuesIn = async (store: Store) => (await store.commands(1, EVER)).map(({ value }) => value);

interface Ran {
  readonly code: number | null;
  readonly output: string;
}

async function run(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Ran> {
  const child = spawn(process.execPath, [`scripts/${script}.js`, ...args], {
    cwd: REPO,
    env: { PATH: process.env['PATH'], NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'], ...env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}

describe('npm run backup and npm run restore', () => {
  describe('while RIPE runs', () => {
    const ripe = useRipe();
    const call = (script: string, ...args: string[]) => run(script, args, { RIPE_DATA_DIR: ripe.dataDir });
    const register = async (name: string) => {
      const headers = { 'Content-Type': 'application/json' };
      const body = JSON.stringify({ name });
      const response = await fetch(`${ripe.url}/api/sensor`, { method: 'POST', headers, body });
      const { id, key } = (await response.json()) as { id: number; key: string };
      return async () => {
        const answer = await fetch(`${ripe.url}/api/sensor/${id}`, { headers: { 'X-KEY': key } });
        return answer.status;
      };
    };

    it('bring back what the garden was, at the next start', async () => {
      const file = path.join(ripe.dataDir, 'a.backup');
      const kept = await register('kept');
      const saved = await call('backup', file);
      assert.deepEqual(saved, { code: 0, output: `The garden is in ${file}\n` });
      assert.equal(statSync(file).mode & 0o777, 0o600);
      const later = await register('later');

      const restored = await call('restore', file);
      assert.equal(restored.code, 0);
      assert.match(restored.output, /when you restart RIPE/);
      assert.equal(await later(), 200);
      await ripe.restart();
      assert.equal(await kept(), 200);
      assert.notEqual(await later(), 200);
      assert.match(ripe.output, /is replaced by the restored one; the former is kept as .*before-restore-/);
      assert.equal(readdirSync(ripe.dataDir).filter((name) => name.includes('before-restore')).length, 1);
    });
  });

  for (const kind of ['SQLite', 'PostgreSQL'] as const) describe(`with ${kind}`, () => describeBackup(kind));
});

function describeBackup(kind: 'SQLite' | 'PostgreSQL'): void {
  const isSqlite = kind === 'SQLite';
  const server = isSqlite ? null : usePostgres();
  const place = new Ripe({});
  let store: Store;
  let env: Record<string, string>;
  let database: string;
  let file: string;

  before(() => place.prepare());
  beforeEach(async () => {
    database = (await server?.createDatabase()) ?? '';
    const databaseUrl = server?.url(database) ?? null;
    env = { RIPE_DATA_DIR: place.dataDir, ...(databaseUrl !== null && { RIPE_DATABASE_URL: databaseUrl }) };
    file = path.join(place.dataDir, `${Math.random()}.backup`);
    const quiet = { onFailing: () => undefined, onNotice: () => undefined };
    store = createStore({ file: path.join(place.dataDir, 'ripe.db'), databaseUrl, ...quiet });
    await store.open();
  });
  afterEach(() => store.close().catch(() => undefined));
  after(() => place.dispose());

  const backUp = (...args: string[]) => run('backup', [file, ...args], env);
  const restore = () => run('restore', [file], env);

  it('save one moment while writes go on, and restore it', async () => {
    store.write({ type: 'sensorAdded', sensor: make.sensor(1) });
    let value = 0;
    let isRunning = true;
    const writing = (async () => {
      while (isRunning) {
        // Both in one commit: a backup that has one of them has the other.
        store.write(agent(value));
        store.write(command(value));
        await store.commit();
        value += 1;
        await sleep(1);
      }
    })();
    await until(() => value > 10);
    const saved = await backUp();
    const since = value;
    await until(() => value > since);
    isRunning = false;
    await writing;
    assert.equal(saved.code, 0, saved.output);
    const all = await valuesIn(store);
    await store.close();
    assert.equal((await restore()).code, 0);
    await store.open();
    const values = await valuesIn(store);
    assert.ok(values.length >= 10 && values.length < all.length, `${values.length} of ${all.length}`);
    assert.deepEqual(values, all.slice(0, values.length));
    assert.equal((await loadAll(store)).agents[0]?.value, values.at(-1));
    assert.doesNotMatch(saved.output, new RegExp(PASSWORD));
  });

  it('replace no file unless they are told to', async () => {
    writeFileSync(file, 'mine');
    const refused = await backUp();
    assert.equal(refused.code, 1);
    assert.match(refused.output, /exists already; --force replaces it\n$/);
    assert.equal(readFileSync(file, 'utf8'), 'mine');
    assert.equal((await backUp('--force')).code, 0);
    assert.notEqual(readFileSync(file, 'utf8'), 'mine');
  });

  it('refuse a backup that is damaged, and change nothing', async () => {
    for (let n = 0; n < 3000; n += 1) store.write(command(1_000_000 + Math.floor(Math.random() * 1e9)));
    await store.commit();
    const before = await valuesIn(store);
    assert.equal((await backUp()).code, 0);
    const whole = readFileSync(file);
    for (const damaged of [
      whole.subarray(0, whole.length >> 1),
      Buffer.from('no backup at all'),
      scratched(whole),
    ]) {
      writeFileSync(file, damaged);
      const refused = await restore();
      assert.equal(refused.code, 1, refused.output);
      assert.deepEqual(await valuesIn(store), before);
      assert.ok(!existsSync(path.join(place.dataDir, 'ripe.db.restore')));
    }
    store.write(command(0));
    await store.commit();
  });

  it('say of a backup of the other database what it is', async () => {
    writeFileSync(file, isSqlite ? 'PGDMP and so on' : 'SQLite format 3\0 and so on');
    const refused = await restore();
    assert.equal(refused.code, 1);
    const remedy = isSqlite
      ? / of PostgreSQL, .* name its database in RIPE_DATABASE_URL\n$/
      : / of SQLite, .* without RIPE_DATABASE_URL\n$/;
    assert.match(refused.output, remedy);
  });

  it('refuse a backup of a newer RIPE, and change nothing', async () => {
    store.write(command(1));
    await store.commit();
    const before = await valuesIn(store);
    const insert = "'9999-future', '2999-01-01')";
    await server?.query(`insert into ripe.kysely_migration values (${insert}`, database);
    if (isSqlite) copyFileSync(path.join(place.dataDir, 'ripe.db'), file);
    assert.equal((await backUp('--force')).code, 0);
    if (isSqlite) {
      const backup = new DatabaseSync(file);
      backup.exec(`INSERT INTO kysely_migration VALUES (${insert}`);
      backup.close();
    }
    const refused = await restore();
    assert.equal(refused.code, 1);
    assert.match(refused.output, /was written by a newer RIPE/);
    assert.deepEqual(await valuesIn(store), before);
  });

  if (!isSqlite) {
    it('let a RIPE that runs write nothing into the restored garden', async () => {
      store.write(command(1));
      await store.commit();
      assert.equal((await backUp()).code, 0);
      const restored = await restore();
      assert.match(restored.output, /restart it now/);
      store.write(command(2));
      await assert.rejects(store.commit(), { code: 'RIPE_STORE_FAILED' });
      await store.close().catch(() => undefined);
      await store.open();
      assert.deepEqual(await valuesIn(store), [1]);
    });
  }
}

/** Half way, where a database keeps its rows and a dump its data. */
function scratched(whole: Buffer): Buffer {
  const middle = whole.length >> 1;
  return Buffer.from(whole).fill(0x55, middle, middle + 600);
}
