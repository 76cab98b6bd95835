import type { StorePlace } from '../create-store.ts';
import { backUpPostgres, restorePostgres } from './postgres-backup.ts';
import { backUpSqlite, restoreSqlite } from './sqlite-backup.ts';

/** Writes one moment of a garden into a file; RIPE may run. */
export async function backUp(place: StorePlace, target: string, force: boolean): Promise<void> {
  if (place.databaseUrl) await backUpPostgres(place.databaseUrl, target, force);
  else await backUpSqlite(place.file, target, force);
}

/** Puts a backup in the place of a garden; RIPE may run. Answers what is left to do, as text. */
export async function restore(
  place: StorePlace,
  source: string,
  onNotice: (text: string) => void,
): Promise<string> {
  if (place.databaseUrl) {
    restorePostgres(place.databaseUrl, source);
    return 'The garden is restored. If RIPE runs, restart it now: until then it stores nothing more.';
  }
  const isDone = await restoreSqlite(place.file, source, onNotice);
  return isDone
    ? 'The garden is restored.'
    : 'RIPE runs: the backup is checked, and becomes the garden when you restart RIPE. What happens until then is kept beside it.';
}
