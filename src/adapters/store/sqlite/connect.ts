import { chmodSync, closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const OTHERS = 0o077;

/** Opens the file for its owner only, for it holds keys, or creates it with its directory. */
export function connect(file: string): DatabaseSync {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  // SQLite itself would create it as the umask allows. Its -wal and -shm files take over the mode.
  closeSync(openSync(file, 'a', 0o600));
  hideFromOthers(file);
  const database = new DatabaseSync(file);
  try {
    configure(database);
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

function configure(database: DatabaseSync): void {
  // First of all: another process may hold the file just now.
  database.exec('PRAGMA busy_timeout = 5000');
  database.exec('PRAGMA journal_mode = WAL');
}

function hideFromOthers(file: string): void {
  if (process.platform === 'win32' || (statSync(file).mode & OTHERS) === 0) return;
  try {
    chmodSync(file, 0o600);
  } catch (error) {
    // File systems without modes (a USB stick) refuse; that must not keep a garden from running.
    process.emitWarning(`${file} holds keys and can be read by other users: ${(error as Error).message}`);
  }
}
