import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';

export const REPO = path.resolve(import.meta.dirname, '../..');
/** Each try takes processor time from the RIPE that starts. */
const POLL_EVERY_MS = 50;
const EXIT_WITHIN_MS = 15_000;
const TAIL_LINES = 40;

export interface RipeProcessOptions {
  readonly dataDir: string;
  readonly port: number;
  readonly mqttPort: number;
  /** Further environment variables. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** `node scripts/start.js` in a process of its own, on 127.0.0.1. Whoever starts it stops it. */
export class RipeProcess {
  readonly url: string;
  /** Resolves when the process is gone and everything that it printed has been read. */
  readonly ended: Promise<Exit>;
  readonly #child: ChildProcess;
  #stdout = '';
  #stderr = '';
  #isOver = false;

  constructor(options: RipeProcessOptions) {
    this.url = `http://127.0.0.1:${options.port}`;
    this.#child = spawnRipe(options);
    // Read at once, so that it never waits for a reader.
    this.#child.stdout?.on('data', (chunk: Buffer) => {
      this.#stdout += chunk.toString();
    });
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr += chunk.toString();
    });
    this.ended = new Promise((resolve) => {
      this.#child.once('close', (code, signal) => {
        this.#isOver = true;
        resolve({ code, signal });
      });
    });
    // A run that crashes must not leave a RIPE behind.
    const killLate = () => this.#killGroup();
    process.once('exit', killLate);
    this.ended.then(() => process.off('exit', killLate));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** The last lines that it printed. */
  get tail(): string {
    return `${this.#stdout}${this.#stderr}`.trim().split('\n').slice(-TAIL_LINES).join('\n');
  }

  /** The first healthy answer of `/api/health`. */
  async untilHealthy(withinMs: number): Promise<unknown> {
    const until = performance.now() + withinMs;
    while (performance.now() < until) {
      if (this.#isOver) throw new Error(`RIPE ended while starting:\n${this.tail}`);
      const health = await askHealth(this.url);
      if (health !== null) return health;
      await pause(POLL_EVERY_MS);
    }
    throw new Error(`RIPE was not healthy within ${withinMs / 1000} s:\n${this.tail}`);
  }

  /** Ends the process; where it does not obey SIGTERM, by force. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<Exit> {
    if (signal === 'SIGKILL') this.#killGroup();
    else this.#child.kill(signal);
    const late = setTimeout(() => this.#killGroup(), EXIT_WITHIN_MS);
    const exit = await this.ended;
    clearTimeout(late);
    return exit;
  }

  #killGroup(): void {
    if (this.#isOver || this.#child.pid === undefined) return;
    try {
      process.kill(-this.#child.pid, 'SIGKILL');
    } catch {
      // It has just ended.
    }
  }
}

function spawnRipe({ dataDir, port, mqttPort, env }: RipeProcessOptions): ChildProcess {
  return spawn(process.execPath, ['scripts/start.js'], {
    cwd: REPO,
    env: {
      ...foreignEnv(),
      RIPE_DATA_DIR: dataDir,
      RIPE_HOST: '127.0.0.1',
      PORT: String(port),
      RIPE_MQTT_PORT: String(mqttPort),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    // Its own process group: an interrupt reaches it through the teardown only, and nothing it started is left.
    detached: true,
  });
}

/** Without settings of the person's own RIPE: they would change what is looked at. */
function foreignEnv(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('RIPE_')));
}

/** One try: the patience of a client with a starting RIPE would make times coarse. */
async function askHealth(url: string): Promise<unknown> {
  try {
    const response = await fetch(`${url}/api/health`, { signal: AbortSignal.timeout(2000) });
    const body: unknown = await response.json();
    return response.ok ? body : null;
  } catch {
    return null;
  }
}
