import { chmodSync, closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from './sqlite-of-node.ts';

const OTHERS = 0o077;

/** How much memory and disk SQLite may take to be fast. */
export interface SqliteBounds {
  /** Pages of the database that are kept in memory, KiB. */
  readonly cacheKib: number;
  /** The log goes into the database when it holds so many pages of 4 KiB: the larger, the fewer are written twice. */
  readonly walPages: number;
}

export const USUAL_BOUNDS: SqliteBounds = { cacheKib: 16_384, walPages: 4_000 };
const PAGE_BYTES = 4_096;

export const megabytesOf = (pages: number): number => Math.round((pages * PAGE_BYTES) / 1e6);

/** Opens the file for its owner only, for it holds keys, or creates it with its directory. */
export function connect(file: string, bounds = USUAL_BOUNDS): DatabaseSync {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  // SQLite itself would create it as the umask allows. Its -wal and -shm files take over the mode.
  closeSync(openSync(file, 'a', 0o600));
  hideFromOthers(file);
  return openDatabase(file, bounds);
}

/**
 * A further connection of a process that has the file open already: there nobody may open and close it by other means,
 * since that would take SQLite's locks off.
 */
export function openDatabase(file: string, bounds: SqliteBounds): DatabaseSync {
  const database = new DatabaseSync(file);
  try {
    configure(database, bounds);
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

function configure(database: DatabaseSync, { cacheKib, walPages }: SqliteBounds): void {
  // First of all: another process may hold the file just now.
  database.exec('PRAGMA busy_timeout = 5000');
  database.exec('PRAGMA journal_mode = WAL');
  database.exec(`PRAGMA cache_size = -${cacheKib}; PRAGMA wal_autocheckpoint = ${walPages}`);
  // What one large transaction has made of the log is given back.
  database.exec(`PRAGMA journal_size_limit = ${2 * walPages * PAGE_BYTES}`);
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
