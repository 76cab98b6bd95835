import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { createRipeClient, type Health, type RipeClient } from '../../scripts/simulate/ripe-client.ts';
import type { BenchContext } from '../harness/bench-case.ts';
import { freePorts } from './free-port.ts';
import { createOutputTail, type OutputTail } from './output-tail.ts';

export interface RipeProcess {
  readonly pid: number;
  readonly ripe: RipeClient;
  readonly health: Health;
  /** From the start of the process to the first healthy answer. */
  readonly startMs: number;
  /** Resolves when the process is gone. */
  stop(): Promise<void>;
}

const REPO = path.resolve(import.meta.dirname, '../..');
const HEALTHY_WITHIN_MS = 120_000;
const POLL_EVERY_MS = 10;
const EXIT_WITHIN_MS = 15_000;

/** Starts a real RIPE on free ports with everything it keeps in `dataDir`; it is stopped at the end of the case. */
export async function startRipe(context: Pick<BenchContext, 'onEnd'>, dataDir: string): Promise<RipeProcess> {
  const [port = 0, mqttPort = 0] = await freePorts(2);
  const startedAt = performance.now();
  const child = spawnRipe(dataDir, port, mqttPort);
  const stop = () => stopProcess(child);
  context.onEnd(stop);
  const output = createOutputTail(child);
  const url = `http://127.0.0.1:${port}`;
  const health = await untilHealthy(url, child, output);
  const startMs = performance.now() - startedAt;
  return { pid: child.pid ?? 0, ripe: createRipeClient({ url }), health, startMs, stop };
}

function spawnRipe(dataDir: string, port: number, mqttPort: number): ChildProcess {
  return spawn(process.execPath, ['scripts/start.js'], {
    cwd: REPO,
    env: {
      ...foreignEnv(),
      RIPE_DATA_DIR: dataDir,
      RIPE_HOST: '127.0.0.1',
      PORT: String(port),
      RIPE_MQTT_PORT: String(mqttPort),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    // Its own process group: an interrupt reaches it through the teardown only, and nothing it started is left.
    detached: true,
  });
}

/** Without settings of the person's own RIPE: they would change what is measured. */
function foreignEnv(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('RIPE_')));
}

async function untilHealthy(url: string, child: ChildProcess, output: OutputTail): Promise<Health> {
  const until = performance.now() + HEALTHY_WITHIN_MS;
  while (performance.now() < until) {
    if (hasEnded(child)) throw new Error(`RIPE ended while starting:\n${output.text()}`);
    const health = await askHealth(url);
    if (health !== null) return health;
    await pause(POLL_EVERY_MS);
  }
  throw new Error(`RIPE was not healthy within ${HEALTHY_WITHIN_MS / 1000} s:\n${output.text()}`);
}

/** One try: the client's own patience with a starting RIPE would make the time coarse. */
async function askHealth(url: string): Promise<Health | null> {
  try {
    const response = await fetch(`${url}/api/health`, { signal: AbortSignal.timeout(2000) });
    const body: unknown = await response.json();
    return response.ok ? (body as Health) : null;
  } catch {
    return null;
  }
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (hasEnded(child) || child.pid === undefined) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const isLate = await Promise.race([ended.then(() => false), pause(EXIT_WITHIN_MS, true, { ref: false })]);
  if (!isLate) return;
  process.kill(-child.pid, 'SIGKILL');
  await ended;
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
