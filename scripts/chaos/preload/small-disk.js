// Loaded into a RIPE before anything else (`node --import`): SIGWINCH lets its SQLite databases grow no further, as on a
// disk that is full, and the next SIGWINCH lets them again.
import { DatabaseSync } from 'node:sqlite';

const NO_LIMIT = 1_073_741_823;
const databases = new Set();
const { exec, close } = DatabaseSync.prototype;
let isFull = false;

// The limit is one of the connection: every connection begins with a pragma.
DatabaseSync.prototype.exec = function (text) {
  databases.add(this);
  return exec.call(this, text);
};

DatabaseSync.prototype.close = function () {
  databases.delete(this);
  return close.call(this);
};

process.on('SIGWINCH', () => {
  isFull = !isFull;
  for (const database of databases) {
    const { page_count: pages } = database.prepare('PRAGMA page_count').get();
    exec.call(database, `PRAGMA max_page_count = ${isFull ? pages : NO_LIMIT}`);
  }
});
