import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';

const PROGRAM = '/usr/sbin/mosquitto';
const START_WITHIN_MS = 15_000;

export interface Mosquitto {
  readonly port: number;
  /** Ends the process; it can be started again on the same port, with nothing remembered. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** kill -9. */
  kill(): Promise<void>;
  /** SIGSTOP: it still accepts TCP connections, and says nothing any more. */
  freeze(): void;
  thaw(): void;
}

export interface Login {
  readonly username: string;
  readonly password: string;
}

/** Starts a mosquitto before the tests of the calling `describe` and ends it after them. With a login it takes nobody else. */
export function useMosquitto(login: Login | null = null): Mosquitto {
  const mosquitto = new MosquittoProcess(login);
  before('start mosquitto', () => mosquitto.start());
  after('stop mosquitto', () => mosquitto.dispose());
  return mosquitto;
}

/** A mosquitto of its own on 127.0.0.1. */
export class MosquittoProcess implements Mosquitto {
  port = 0;
  #folder: string | null = null;
  #process: ChildProcess | null = null;
  readonly #login: Login | null;
  readonly #settings: readonly string[];
  readonly #kill = (): void => {
    this.#process?.kill('SIGKILL');
  };

  /** `settings`: further lines of its configuration. */
  constructor(login: Login | null, settings: readonly string[] = ['persistence false']) {
    this.#login = login;
    this.#settings = settings;
  }

  async start(): Promise<void> {
    if (!existsSync(PROGRAM)) {
      throw new Error(`${PROGRAM} is missing: install the Debian package mosquitto to run these tests`);
    }
    const config = await this.#configure();
    const started = spawn(PROGRAM, ['-c', config], {
      stdio: ['ignore', 'ignore', 'pipe'],
      // Where it persists, if it does.
      cwd: dirname(config),
    });
    this.#process = started;
    // A test run that crashes must not leave a broker behind.
    process.once('exit', this.#kill);
    let said = '';
    started.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    await this.#answers(started, () => said);
  }

  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  /** One account more, while it runs. */
  addAccount({ username, password }: Login): void {
    const { status } = spawnSync('mosquitto_passwd', [
      '-b',
      join(this.#folder ?? '', 'passwords'),
      username,
      password,
    ]);
    if (status !== 0) throw new Error('mosquitto_passwd has added no account');
    this.#process?.kill('SIGHUP');
  }

  freeze(): void {
    this.#process?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#process?.kill('SIGCONT');
  }

  async #end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const running = this.#process;
    this.#process = null;
    process.off('exit', this.#kill);
    if (running === null || running.exitCode !== null || running.signalCode !== null) return;
    const hasEnded = new Promise((resolve) => running.once('exit', resolve));
    running.kill(signal);
    // A frozen one would not hear it.
    running.kill('SIGCONT');
    await hasEnded;
  }

  async dispose(): Promise<void> {
    await this.kill();
    if (this.#folder !== null) await rm(this.#folder, { recursive: true, force: true });
    this.#folder = null;
  }

  async #configure(): Promise<string> {
    if (this.port === 0) this.port = await freePort();
    this.#folder ??= await mkdtemp(join(tmpdir(), 'ripe-mosquitto-'));
    const file = join(this.#folder, 'mosquitto.conf');
    const lines = [
      `listener ${this.port} 127.0.0.1`,
      ...this.#access(this.#folder),
      ...this.#settings,
      // Started by root it would give up its rights, and with them this folder.
      `user ${userInfo().username}`,
      'log_dest stderr',
    ];
    await writeFile(file, `${lines.join('\n')}\n`);
    return file;
  }

  #access(folder: string): string[] {
    if (this.#login === null) return ['allow_anonymous true'];
    const file = join(folder, 'passwords');
    const { username, password } = this.#login;
    const { status } = spawnSync('mosquitto_passwd', ['-b', '-c', file, username, password]);
    if (status !== 0) throw new Error('mosquitto_passwd made no password file');
    return ['allow_anonymous false', `password_file ${file}`];
  }

  async #answers(started: ChildProcess, said: () => string): Promise<void> {
    const until = Date.now() + START_WITHIN_MS;
    while (Date.now() < until) {
      if (started.exitCode !== null) throw new Error(`mosquitto has ended at once: ${said()}`);
      if (await accepts(this.port)) return;
      await sleep(20);
    }
    throw new Error(`mosquitto does not answer on port ${this.port}: ${said()}`);
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
