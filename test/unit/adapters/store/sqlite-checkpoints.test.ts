import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { Store } from '../../../../src/domain/store.ts';
import { make } from '../../../contract/changes.ts';
import { slice } from '../../../contract/open-store.ts';
import { type WatchedSqliteStore, watchedSqliteStore } from '../../../contract/watched-sqlite-store.ts';

const PAGE_BYTES = 4_096;
const WAL_PAGES = 50;
const BOUNDS = { cacheKib: 2_048, walPages: WAL_PAGES };
const CHECKPOINT = 'PRAGMA wal_checkpoint(PASSIVE)';

describe('the log of a SQLite store', () => {
  let watched: WatchedSqliteStore;
  const notices: string[] = [];
  beforeEach(async () => {
    notices.length = 0;
    watched = await watchedSqliteStore({ bounds: BOUNDS, onNotice: (text) => notices.push(text) });
  });
  afterEach(() => watched.dispose());

  let time = 0;
  const writeReadings = async (store: Store, count: number) => {
    for (let n = 0; n < count; n += 1) {
      time += 1;
      store.write({ type: 'readingAdded', sensor: 1 + (time % 20), reading: make.reading(time) });
      if (n % 20 === 19) await store.commit();
    }
    await store.commit();
  };
  const pagesOf = (name: string) => statSync(watched.file + name).size / PAGE_BYTES;

  it('goes into the database after a commit is answered, and stays as short as it was told', async () => {
    await writeReadings(watched.store, 3_000);
    assert.ok(pagesOf('-wal') < 2.2 * WAL_PAGES, `${pagesOf('-wal')} pages`);
    const checkpoints = watched.writer.prepared.filter((text) => text === CHECKPOINT).length;
    assert.ok(checkpoints > 3, `${checkpoints} checkpoints`);
    assert.deepEqual(notices, []);
  });

  it('grows while somebody reads for long, which is told once, and is short again afterwards', async () => {
    await writeReadings(watched.store, 20);
    const reader = new DatabaseSync(watched.file, { readOnly: true });
    reader.exec('BEGIN; SELECT count(*) FROM readings');
    reader.prepare('SELECT * FROM readings').all();
    await writeReadings(watched.store, 3_000);
    assert.ok(pagesOf('-wal') > 4 * WAL_PAGES);
    assert.equal(notices.length, 1);
    assert.match(
      notices[0] ?? '',
      /^The log of the database .* until whoever reads the database has finished$/,
    );
    reader.close();
    await writeReadings(watched.store, 3_000);
    // What was too much is given back.
    assert.ok(pagesOf('-wal') < 2.2 * WAL_PAGES, `${pagesOf('-wal')} pages`);
    assert.equal((await watched.store.readings(1, slice(9_999))).length, 301);
  });
});
