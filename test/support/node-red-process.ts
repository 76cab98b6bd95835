import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT } from './dist.ts';
import { freePort } from './free-port.ts';
import { until } from './until.ts';

const START_WITHIN_MS = 40_000;
const OWN = path.join(ROOT, 'node_modules/node-red');
const USUAL = /Projects disabled|Encrypted credentials not found/;

export interface NodeRedOptions {
  readonly flow: readonly object[];
  /** The folder of the package node-red: the one of this repository unless told otherwise. */
  readonly nodeRed?: string;
  /** The language of the log and of badges. */
  readonly lang?: string;
  /** Further settings of Node-RED, or others. */
  readonly settings?: object;
  /** Further environment variables. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A whole Node-RED with this package in it, as a palette user has it. A process: its modules are singletons. */
export class NodeRedProcess {
  readonly url: string;
  /** Its user directory. */
  readonly folder: string;
  readonly lines: string[] = [];
  readonly #nodeRed: string;
  readonly #env: Readonly<Record<string, string>>;
  #child: ChildProcess;
  readonly #kill = () => this.#child.kill('SIGKILL');

  static async start(options: NodeRedOptions): Promise<NodeRedProcess> {
    const folder = await mkdtemp(path.join(tmpdir(), 'ripe-node-red-'));
    const port = await freePort();
    const settings = {
      userDir: folder,
      flowFile: 'flows.json',
      credentialSecret: 'test',
      uiHost: '127.0.0.1',
      uiPort: port,
      httpAdminRoot: '/red',
      httpNodeRoot: '/',
      nodesDir: [ROOT],
      editorTheme: { projects: { enabled: false } },
      telemetry: { enabled: false, updateNotification: false },
      logging: { console: { level: 'info', metrics: false, audit: false } },
      ripe: { dataDir: folder, host: '127.0.0.1', mqttPort: await freePort() },
      ...(options.lang === undefined ? {} : { lang: options.lang }),
      ...options.settings,
    };
    await writeFile(path.join(folder, 'settings.js'), `module.exports = ${JSON.stringify(settings)};`);
    await writeFile(path.join(folder, 'flows.json'), JSON.stringify(options.flow));
    const started = new NodeRedProcess(folder, port, options);
    await started.#flowsStarted();
    return started;
  }

  constructor(
    folder: string,
    port: number,
    { nodeRed = OWN, env = {} }: Pick<NodeRedOptions, 'nodeRed' | 'env'>,
  ) {
    this.url = `http://127.0.0.1:${port}`;
    this.folder = folder;
    this.#nodeRed = nodeRed;
    this.#env = env;
    this.#child = this.#launch();
    process.once('exit', this.#kill);
  }

  /** As a person does who has updated something. */
  async restart(): Promise<void> {
    await this.#end();
    this.lines.length = 0;
    this.#child = this.#launch();
    await this.#flowsStarted();
  }

  /** As a power cut does: the process is gone at once, and starts again in the same user directory. */
  async crash(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.kill('SIGKILL');
    await ended;
    this.lines.length = 0;
    this.#child = this.#launch();
    await this.#flowsStarted();
  }

  #launch(): ChildProcess {
    const args = [path.join(this.#nodeRed, 'red.js'), '--settings', path.join(this.folder, 'settings.js')];
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: this.folder,
      env: { ...process.env, ...this.#env },
    });
    for (const stream of [child.stdout, child.stderr]) {
      let rest = '';
      stream?.on('data', (chunk: Buffer) => {
        const parts = (rest + chunk.toString()).split('\n');
        rest = parts.pop() ?? '';
        this.lines.push(...parts.filter((line) => line.trim() !== ''));
      });
    }
    return child;
  }

  async #flowsStarted(): Promise<void> {
    try {
      await until(() => {
        this.#assertRunning();
        return this.lines.some((line) => /Started flows|Flows sind gestartet/.test(line));
      }, START_WITHIN_MS);
    } catch (error) {
      await this.stop();
      throw new Error(`${String(error)}\n${this.lines.join('\n')}`);
    }
  }

  /** Lines of the log at this level, but for what Node-RED always says in a new user directory. */
  logged(level: 'warn' | 'error'): string[] {
    return this.lines.filter((line) => line.includes(`[${level}]`) && !USUAL.test(line));
  }

  /** Ends it as a person would; resolves with its exit code. */
  async stop(): Promise<number | null> {
    await this.#end();
    process.off('exit', this.#kill);
    await rm(this.folder, { recursive: true, force: true });
    return this.#child.exitCode;
  }

  async #end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.kill('SIGINT');
    const timer = setTimeout(this.#kill, 10_000);
    await ended;
    clearTimeout(timer);
  }

  #assertRunning(): void {
    if (this.#child.exitCode !== null) throw new Error(`Node-RED has ended with ${this.#child.exitCode}`);
  }
}
