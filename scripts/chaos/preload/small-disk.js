// Loaded into a RIPE before anything else (`node --import`): SIGWINCH lets its SQLite databases grow no further, as on a
// disk that is full, and the next SIGWINCH lets them again.
import { DatabaseSync } from 'node:sqlite';
import { SharedNumber } from './shared-number.js';

const NO_LIMIT = 1_073_741_823;
const { exec } = DatabaseSync.prototype;
const isFull = new SharedNumber('chaos: full disk', 0);
/** What was last said to each connection, of which the limit is one: every transaction begins with `exec`. */
const said = new WeakMap();

DatabaseSync.prototype.exec = function (text) {
  const wanted = isFull.get();
  if (wanted !== (said.get(this) ?? 0)) {
    said.set(this, wanted);
    const { page_count: pages } = this.prepare('PRAGMA page_count').get();
    exec.call(this, `PRAGMA max_page_count = ${wanted === 1 ? pages : NO_LIMIT}`);
  }
  return exec.call(this, text);
};

process.on('SIGWINCH', () => isFull.set(1 - isFull.get()));
