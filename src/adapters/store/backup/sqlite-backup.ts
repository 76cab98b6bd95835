import { copyFileSync, existsSync } from 'node:fs';
import { checkGarden } from '../sqlite/prepare-garden.ts';
import { DatabaseSync } from '../sqlite/sqlite-of-node.ts';
import { restoreFileOf, takeRestore } from '../sqlite/take-restore.ts';
import { kindOf } from './kind-of-backup.ts';
import { wholeFile } from './whole-file.ts';

/**
 * Copies a garden's database while RIPE writes into it. VACUUM INTO reads one moment of it however long it takes;
 * SQLite's backup interface would begin anew with every write of another process.
 */
export async function backUpSqlite(file: string, target: string, force: boolean): Promise<void> {
  if (!existsSync(file)) throw new Error(`There is no garden at ${file}`);
  await wholeFile(target, { force }, (temporary) => {
    const database = new DatabaseSync(file);
    try {
      database.exec('PRAGMA busy_timeout = 5000');
      database.prepare('VACUUM INTO ?').run(temporary);
    } finally {
      database.close();
    }
    checkFile(temporary, file);
  });
}

/**
 * Puts a checked copy of a backup beside the database. True: it has taken its place. False: a RIPE that runs has
 * the database open, and takes the copy at its next start.
 */
export async function restoreSqlite(
  file: string,
  source: string,
  onNotice: (text: string) => void,
): Promise<boolean> {
  if (!existsSync(source)) throw new Error(`There is no file ${source}`);
  if (kindOf(source) === 'postgres') {
    const remedy = 'name its database in RIPE_DATABASE_URL';
    throw new Error(`${source} is a backup of PostgreSQL, and this garden is in SQLite: ${remedy}`);
  }
  await wholeFile(restoreFileOf(file), { force: true }, (temporary) => {
    copyFileSync(source, temporary);
    checkFile(temporary, source);
  });
  return takeRestore(file, { now: Date.now }, onNotice);
}

/** Throws if a file is no whole garden of this RIPE or an older one; `name` is what a person knows it by. */
function checkFile(file: string, name: string): void {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { readOnly: true });
    const problem = database.prepare('PRAGMA integrity_check(1)').get()?.integrity_check;
    if (problem !== 'ok') throw new Error(String(problem));
    checkGarden(database, name);
  } catch (error) {
    const isNewer = (error as { code?: unknown }).code === 'RIPE_STORE_NEWER';
    throw isNewer ? error : new Error(`${name} is no whole database of RIPE: ${(error as Error).message}`);
  } finally {
    database?.close();
  }
}
