import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { connect } from '../../../../src/adapters/store/sqlite/connect.ts';

describe('the bounds of SQLite', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'ripe-bounds-'));
  });
  after(() => rm(folder, { recursive: true }));

  function boundsOf(database: ReturnType<typeof connect>) {
    const read = (name: string) => Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0];
    return [read('cache_size'), read('wal_autocheckpoint'), read('journal_size_limit'), read('journal_mode')];
  }

  it('are those of a small machine where it is one', () => {
    const database = connect(path.join(folder, 'small.db'), { cacheKib: 2_048, walPages: 1_000 });
    assert.deepEqual(boundsOf(database), [-2_048, 1_000, 8_192_000, 'wal']);
    database.close();
  });

  it('are wider where nothing is said', () => {
    const database = connect(path.join(folder, 'usual.db'));
    assert.deepEqual(boundsOf(database), [-16_384, 4_000, 32_768_000, 'wal']);
    database.close();
  });
});
