import { existsSync, renameSync } from 'node:fs';
import type { Clock } from '../../../domain/time/clock.ts';
import { DatabaseSync } from './sqlite-of-node.ts';

/** Where `npm run restore` leaves a checked database for the next start. */
export const restoreFileOf = (file: string): string => `${file}.restore`;

const SQLITE_BUSY = 5;

/**
 * Puts a database that waits to be restored in the place of the present one, which is kept beside it. False:
 * none waits, or another process has the present one open. Every step leaves something that the next start can
 * go on with.
 */
export function takeRestore(file: string, clock: Clock, onNotice: (text: string) => void): boolean {
  const restore = restoreFileOf(file);
  if (!existsSync(restore)) return false;
  if (existsSync(file)) {
    if (isInUse(file)) return false;
    const time = new Date(clock.now()).toISOString().replaceAll(/[:.]/g, '-');
    const aside = `${file}.before-restore-${time}`;
    // A log that was left behind belongs to its database, and would be played into the new one.
    for (const part of ['-wal', '-shm', '']) {
      if (existsSync(file + part)) renameSync(file + part, aside + part);
    }
    onNotice(`The database ${file} is replaced by the restored one; the former is kept as ${aside}`);
  }
  renameSync(restore, file);
  return true;
}

/** Whether another process has the database open. Also brings its log into the file, where it can be read. */
function isInUse(file: string): boolean {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file);
    // With a log, every connection holds a shared lock as long as it lives; this asks for the exclusive one.
    database.exec(
      'PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; COMMIT; PRAGMA wal_checkpoint(TRUNCATE)',
    );
    return false;
  } catch (error) {
    // A present database that cannot be read is a good reason to restore another.
    return ((error as { errcode?: number }).errcode ?? 0) % 256 === SQLITE_BUSY;
  } finally {
    database?.close();
  }
}
