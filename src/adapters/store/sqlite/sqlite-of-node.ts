/**
 * SQLite, which Node.js has brought since 22.13. Asked for instead of imported: an older Node.js would say no more than that
 * there is no such module, and whoever installs RIPE from the palette could not know what to do.
 */
type Sqlite = typeof import('node:sqlite');

const sqlite = process.getBuiltinModule?.('node:sqlite') as Sqlite | undefined;
if (sqlite === undefined)
  throw new Error(`RIPE needs Node.js 22.13 or newer, and this is ${process.version}: update Node.js`);

export const DatabaseSync: Sqlite['DatabaseSync'] = sqlite.DatabaseSync;
export type DatabaseSync = import('node:sqlite').DatabaseSync;
