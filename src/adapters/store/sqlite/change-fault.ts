/** SQLITE_TOOBIG, SQLITE_CONSTRAINT, SQLITE_MISMATCH, SQLITE_RANGE */
const OF_THE_CHANGE: ReadonlySet<number> = new Set([18, 19, 20, 25]);

/**
 * Whether it is the change itself that cannot be written, now or ever. All other errors (disk full, I/O, busy,
 * even a corrupt file) are the database's, and may pass.
 */
export function isChangeFault(error: unknown): boolean {
  const { code, errcode } = error as { code?: unknown; errcode?: unknown };
  if (code === 'ERR_SQLITE_ERROR') return OF_THE_CHANGE.has(Number(errcode) & 0xff);
  // The rest is thrown while values are made into JSON or bound, but for a database that is closed.
  return code !== 'ERR_INVALID_STATE';
}
