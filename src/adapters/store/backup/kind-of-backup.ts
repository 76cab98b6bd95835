import { closeSync, openSync, readSync } from 'node:fs';

const STARTS = { sqlite: 'SQLite format 3\0', postgres: 'PGDMP' } as const;

export type BackupKind = keyof typeof STARTS;

/** Which database has written a backup, by the first bytes of the file; null: neither. */
export function kindOf(file: string): BackupKind | null {
  const start = Buffer.alloc(STARTS.sqlite.length);
  const descriptor = openSync(file, 'r');
  try {
    readSync(descriptor, start);
  } finally {
    closeSync(descriptor);
  }
  if (start.toString('latin1').startsWith(STARTS.postgres)) return 'postgres';
  return start.toString('latin1') === STARTS.sqlite ? 'sqlite' : null;
}
