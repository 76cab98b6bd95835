import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { freePort } from './free-port.ts';
import { until } from './until.ts';

const VERSIONS = '/usr/lib/postgresql';
const START_WITHIN_MS = 15_000;
const READY = 'database system is ready to accept connections';
export const USER = 'gardener';
export const PASSWORD = 'geheim/&%';

export interface PostgresOptions {
  /** True: what is committed is on disk, for tests that kill the server. */
  readonly isDurable?: boolean;
}

/** Starts a PostgreSQL before the tests of the calling `describe` and ends it after them. */
export function usePostgres(options: PostgresOptions = {}): PostgresServer {
  const server = new PostgresServer(options);
  before('start PostgreSQL', () => server.start());
  after('stop PostgreSQL', () => server.dispose());
  return server;
}

/** A PostgreSQL of its own on 127.0.0.1; passwords are checked over `url`, and by nobody else. */
export class PostgresServer {
  port = 0;
  readonly #options: PostgresOptions;
  #folder = '';
  #process: ChildProcess | null = null;
  #databases = 0;
  readonly #used: string[] = [];
  readonly #kill = (): void => {
    this.#process?.kill('SIGQUIT');
  };

  constructor(options: PostgresOptions = {}) {
    this.#options = options;
  }

  /** A database without tables, or with empty ones. */
  async createDatabase(): Promise<string> {
    const used = this.#used.pop();
    if (used !== undefined) return used;
    this.#databases += 1;
    const name = `garden${this.#databases}`;
    await this.query(`create database ${name} owner ${USER}`);
    return name;
  }

  /** Makes an empty garden of one that nobody uses any more: making a database takes ten times longer. */
  async recycle(database: string): Promise<void> {
    const tables = await this.query(
      "select tablename from pg_tables where schemaname = 'ripe' and tablename !~ '^(kysely|meta)'",
      database,
    );
    const empty = tables.map(({ tablename }) => `delete from ripe.${tablename};`).join('');
    const renew = 'update ripe.meta set garden_id = gen_random_uuid()::text, last_sensor_id = 0';
    await this.query(empty + renew, database);
    this.#used.push(database);
  }

  /** `port` may be that of something in between. */
  url(database: string, { port = this.port, password = PASSWORD } = {}): string {
    return `postgres://${USER}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
  }

  async query(text: string, database = 'postgres'): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ host: this.#folder, port: this.port, user: 'postgres', database });
    await client.connect();
    try {
      return (await client.query(text)).rows as Record<string, unknown>[];
    } finally {
      await client.end();
    }
  }

  async start(): Promise<void> {
    if (this.#folder === '') await this.#initialize();
    const { isDurable = false } = this.#options;
    const settings = [
      `fsync=${isDurable ? 'on' : 'off'}`,
      'listen_addresses=127.0.0.1',
      'log_statement=none',
      'lc_messages=C',
    ];
    const options = ['-D', `${this.#folder}/data`, '-p', `${this.port}`, '-k', this.#folder];
    const flags = settings.flatMap((setting) => ['-c', setting]);
    const started = spawn(programPath('postgres'), [...options, ...flags], {
      stdio: ['ignore', 'ignore', 'pipe'],
      ...unprivileged(),
    });
    this.#process = started;
    // A test run that crashes must not leave a server behind.
    process.once('exit', this.#kill);
    let said = '';
    started.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    await this.#answers(started, () => said);
  }

  /** SIGQUIT ends it like a crash, SIGINT in order. */
  async stop(signal: 'SIGQUIT' | 'SIGINT' = 'SIGQUIT'): Promise<void> {
    const running = this.#process;
    this.#process = null;
    process.off('exit', this.#kill);
    if (running === null || running.exitCode !== null || running.signalCode !== null) return;
    const hasEnded = new Promise((resolve) => running.once('exit', resolve));
    running.kill(signal);
    await hasEnded;
  }

  async dispose(): Promise<void> {
    await this.stop();
    if (this.#folder !== '') await rm(this.#folder, { recursive: true, force: true });
    this.#folder = '';
  }

  async #initialize(): Promise<void> {
    this.port = await freePort();
    this.#folder = await mkdtemp(join(tmpdir(), 'ripe-postgres-'));
    const { uid, gid } = unprivileged();
    if (uid !== undefined && gid !== undefined) chownSync(this.#folder, uid, gid);
    const access = ['--auth-local=trust', '--auth-host=scram-sha-256', '--username=postgres', '--no-sync'];
    await run('initdb', ['-D', `${this.#folder}/data`, '--encoding=UTF8', ...access]);
  }

  async #answers(started: ChildProcess, said: () => string): Promise<void> {
    // Not asked before: each try is a process, and takes time from a server that recovers from a kill.
    await until(() => started.exitCode !== null || said().includes(READY), START_WITHIN_MS).catch(() => {
      throw new Error(`PostgreSQL does not answer: ${said()}`);
    });
    if (started.exitCode !== null) throw new Error(`PostgreSQL has ended at once: ${said()}`);
    const password = PASSWORD.replaceAll("'", "''");
    const role = `do $$ begin
      if not exists (select from pg_roles where rolname = '${USER}') then
        create role ${USER} login password '${password}';
      end if; end $$`;
    await this.query(role);
  }
}

/** Takes seconds on a busy machine: who watches actuators in this process meanwhile must not be late for that. */
async function run(program: string, args: readonly string[]): Promise<void> {
  try {
    await promisify(execFile)(programPath(program), args, unprivileged());
  } catch (error) {
    const { stderr = '', message } = error as Error & { stderr?: string };
    throw new Error(`${program}: ${stderr === '' ? message : stderr}`);
  }
}

/** Debian keeps a server's programs by its version; the newest one will do. */
function programPath(program: string): string {
  const versions = existsSync(VERSIONS) ? readdirSync(VERSIONS) : [];
  const paths = versions
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(VERSIONS, version, 'bin', program));
  const path = paths.find((each) => existsSync(each));
  if (path !== undefined) return path;
  throw new Error(`${program} is missing: install the Debian package postgresql to run these tests`);
}

/** PostgreSQL refuses to run as root. */
function unprivileged(): { uid?: number; gid?: number; cwd?: string } {
  if (process.getuid?.() !== 0) return {};
  const idOf = (flag: string): number => {
    const { status, stdout } = spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' });
    if (status !== 0) throw new Error('PostgreSQL does not run as root, and there is no user postgres');
    return Number(stdout);
  };
  return { uid: idOf('-u'), gid: idOf('-g'), cwd: '/' };
}
