import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePorts } from '../../bench/support/free-port.ts';
import { type Exit, RipeProcess } from './ripe-process.ts';

const HEALTHY_WITHIN_MS = 30_000;

export interface RipeOptions {
  /** Further environment variables; asked at each start, e.g. for the port of a broker that starts before. */
  readonly env?: () => Readonly<Record<string, string>>;
  /** False: the tests of this file start it themselves. */
  readonly startsBefore?: boolean;
  /** Lines of the level `error` that belong to the tests; every other one fails them. */
  readonly expectedErrors?: RegExp;
}

/** A RIPE for the tests of the calling `describe`, with a garden of its own; it is started before and ended after them. */
export function useRipe(options: RipeOptions = {}): Ripe {
  const ripe = new Ripe(options);
  before('start RIPE', async () => {
    await ripe.prepare();
    if (options.startsBefore !== false) await ripe.start();
  });
  after('stop RIPE', () => ripe.dispose());
  return ripe;
}

export class Ripe {
  dataDir = '';
  port = 0;
  mqttPort = 0;
  readonly #options: RipeOptions;
  readonly #keys = new Set<string>();
  readonly #runs: RipeProcess[] = [];

  constructor(options: RipeOptions) {
    this.#options = options;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pluginsDir(): string {
    return path.join(this.dataDir, 'plugins');
  }

  async prepare(): Promise<void> {
    this.dataDir = await mkdtemp(path.join(tmpdir(), 'ripe-system-'));
    const [port = 0, mqttPort = 0] = await freePorts(2);
    this.port = port;
    this.mqttPort = mqttPort;
  }

  /** A process that may as well refuse to start. */
  launch(env: Readonly<Record<string, string>> = {}): RipeProcess {
    const { dataDir, port, mqttPort } = this;
    const run = new RipeProcess({ dataDir, port, mqttPort, env: { ...this.#options.env?.(), ...env } });
    this.#runs.push(run);
    return run;
  }

  async start(env: Readonly<Record<string, string>> = {}): Promise<RipeProcess> {
    const run = this.launch(env);
    await run.untilHealthy(HEALTHY_WITHIN_MS);
    return run;
  }

  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<Exit> {
    const run = this.#runs.at(-1);
    assert.ok(run, 'RIPE was started');
    return run.stop(signal);
  }

  signal(name: NodeJS.Signals): void {
    const run = this.#runs.at(-1);
    assert.ok(run, 'RIPE was started');
    process.kill(run.pid, name);
  }

  async restart(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    await this.stop(signal);
    await this.start();
  }

  /** Everything that all its processes have printed. */
  get output(): string {
    return this.#runs.map(({ stdout, stderr }) => stdout + stderr).join('');
  }

  get lines(): string[] {
    return this.output.split('\n');
  }

  async adminToken(): Promise<string> {
    return (await readFile(path.join(this.dataDir, 'admin-token'), 'utf8')).trim();
  }

  /** A key that must never be printed. */
  keepSecret(key: string): void {
    this.#keys.add(key);
  }

  /** Fails where a line shows a key, a stack trace, or an error that no test has provoked. */
  checkOutput(): void {
    const { expectedErrors } = this.#options;
    for (const line of this.lines) {
      for (const key of this.#keys) assert.ok(!line.includes(key), `a key is printed: ${line}`);
      assert.doesNotMatch(line, /^\s+at .*:\d+:\d+\)?$/, 'a stack trace is printed');
      if (expectedErrors?.test(line) !== true) assert.doesNotMatch(line, /\[error\]|uncaught/i);
    }
  }

  async dispose(): Promise<void> {
    for (const run of this.#runs) await run.stop();
    await rm(this.dataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    this.checkOutput();
  }
}
