/** SQLITE_IOERR, SQLITE_FULL */
const OF_THE_DISK: ReadonlySet<number> = new Set([10, 13]);
const OF_THE_FILE_SYSTEM: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EIO']);

/** Whether a database cannot be opened because its disk is full, read-only or out of reach: that may pass. */
export function isDiskFault(error: unknown): boolean {
  const { code, errcode } = (error ?? {}) as { code?: unknown; errcode?: unknown };
  if (code === 'ERR_SQLITE_ERROR') return OF_THE_DISK.has(Number(errcode) & 0xff);
  return OF_THE_FILE_SYSTEM.has(code);
}
