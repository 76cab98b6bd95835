import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RipeError } from '../../../domain/errors.ts';
import { DatabaseUrl } from '../postgres/database-url.ts';
import { SCHEMA } from '../postgres/postgres-flavour.ts';
import { POSTGRES_MIGRATIONS } from '../postgres/prepare-garden.ts';
import { kindOf } from './kind-of-backup.ts';
import { wholeFile } from './whole-file.ts';

/** The tables of RIPE, as one moment has them. Who writes into them is not part of a garden, see BatchWriter. */
const DUMP = [
  '--format=custom',
  `--schema=${SCHEMA}`,
  `--exclude-table-data=${SCHEMA}.writers`,
  '--no-owner',
  '--no-privileges',
  '--no-password',
];

export async function backUpPostgres(databaseUrl: string, target: string, force: boolean): Promise<void> {
  const url = new DatabaseUrl(databaseUrl);
  await wholeFile(target, { force }, (temporary) => {
    run(url, 'pg_dump', [...DUMP, `--file=${temporary}`]);
    // Reads it to its end.
    run(url, 'pg_restore', ['--file=/dev/null', temporary]);
  });
}

/**
 * Puts a backup in the place of the garden in one transaction. By a script instead of `pg_restore --clean`, which
 * cannot drop a schema in which a later migration has made further tables. A RIPE that runs writes nothing into
 * the restored tables, since it is not among their writers.
 */
export function restorePostgres(databaseUrl: string, source: string): void {
  if (!existsSync(source)) throw new Error(`There is no file ${source}`);
  if (kindOf(source) === 'sqlite') {
    const remedy = 'restore it without RIPE_DATABASE_URL';
    throw new Error(`${source} is a backup of SQLite, and this garden is in PostgreSQL: ${remedy}`);
  }
  const url = new DatabaseUrl(databaseUrl);
  const folder = mkdtempSync(join(tmpdir(), 'ripe-restore-'));
  try {
    const script = join(folder, 'garden.sql');
    checkBackup(url, source);
    run(url, 'pg_restore', ['--no-owner', '--no-privileges', `--file=${script}`, source]);
    const drop = `SET lock_timeout = '30s'; DROP SCHEMA IF EXISTS ${SCHEMA} CASCADE`;
    const options = ['--no-psqlrc', '--no-password', '--quiet', '--single-transaction'];
    run(url, 'psql', [...options, '--set=ON_ERROR_STOP=1', '--output=/dev/null', '-c', drop, '-f', script]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Throws if it does not make a garden of this RIPE or an older one. */
function checkBackup(url: DatabaseUrl, name: string): void {
  const table = ['--data-only', `--schema=${SCHEMA}`, '--table=kysely_migration', '--file=-'];
  const rows = /^COPY .*\n([\s\S]*?)^\\\.$/m.exec(run(url, 'pg_restore', [...table, name]));
  const done = rows?.[1]?.split('\n').flatMap((row) => row.split('\t')[0] || []) ?? [];
  if (done.length === 0) throw new Error(`${name} is no whole backup of RIPE`);
  if (done.some((migration) => !(migration in POSTGRES_MIGRATIONS))) {
    throw new RipeError('RIPE_STORE_NEWER', { file: name });
  }
}

function run(url: DatabaseUrl, program: string, args: readonly string[]): string {
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('PG'));
  const env = { ...Object.fromEntries(others), ...url.environment };
  const { status, stdout, stderr, error } = spawnSync(program, args, { env, encoding: 'utf8' });
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') {
    throw new Error(
      `${program} is missing: install PostgreSQL's client programs (Debian: postgresql-client)`,
    );
  }
  if (status !== 0) throw new Error(`${program} failed: ${url.hide(error?.message ?? stderr).trim()}`);
  return stdout;
}
