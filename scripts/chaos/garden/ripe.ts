import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../../../test/support/free-port.ts';
import { RipeProcess } from '../../../test/support/ripe-process.ts';
import type { ChaosContext } from '../scenario.ts';
import { Spans } from '../support/spans.ts';
import { call } from './rest.ts';

const HEALTHY_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 10;
/** One address does here what many do elsewhere, and is to be held up by faults only. */
const NO_LIMITS = {
  RIPE_HTTP_LIMITS: 'requestsPerMinute=0, requestsPerMinuteOfSensor=0, registrationsPerMinute=0',
  RIPE_MQTT_LIMITS: 'messagesPerSecond=0, connectsPerMinute=0',
};

export interface RipeOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Where it keeps everything; absent: a folder of its own. */
  readonly dataDir?: string;
}

/** A real RIPE that is killed and started again, always on the same ports and with the same data. */
export class Ripe {
  readonly url: string;
  readonly dataDir: string;
  readonly mqttPort: number;
  /** When it was not there, ms of `performance.now()`. */
  readonly downtime = new Spans();
  readonly killedAt: number[] = [];
  readonly recoveriesMs: number[] = [];
  readonly #env: Record<string, string>;
  #process: RipeProcess | null = null;
  #probe: { readonly id: number; readonly key: string } | null = null;
  #spawnedAt = 0;

  static async create(context: ChaosContext, options: RipeOptions = {}): Promise<Ripe> {
    const own = options.dataDir === undefined ? await mkdtemp(path.join(tmpdir(), 'ripe-chaos-')) : null;
    if (own !== null) context.onEnd(() => rm(own, { recursive: true, force: true, maxRetries: 5 }));
    const ripe = new Ripe(options.dataDir ?? own ?? '', await freePort(), {
      mqttPort: await freePort(),
      env: options.env ?? {},
    });
    context.onEnd(() => ripe.stop());
    return ripe;
  }

  private constructor(
    dataDir: string,
    port: number,
    { mqttPort, env }: { mqttPort: number; env: Readonly<Record<string, string>> },
  ) {
    this.dataDir = dataDir;
    this.url = `http://127.0.0.1:${port}`;
    this.mqttPort = mqttPort;
    this.#env = { ...env };
    this.downtime.open(performance.now());
  }

  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  /** A sensor by whose status it is seen whether a broker is in service; without one nobody looks. */
  probeWith(sensor: { readonly id: number; readonly key: string }): void {
    this.#probe ??= sensor;
  }

  /** For a message that explains what went wrong. */
  get tail(): string {
    return this.#process?.tail ?? '';
  }

  /** Starts the process, and does not wait for it. */
  spawn(env: Readonly<Record<string, string>> = {}): void {
    Object.assign(this.#env, env);
    this.#spawnedAt = performance.now();
    const { dataDir, mqttPort } = this;
    const port = Number(new URL(this.url).port);
    const all = { RIPE_LOG: 'warn', ...NO_LIMITS, ...this.#env };
    this.#process = new RipeProcess({ dataDir, port, mqttPort, env: all });
  }

  /** Until REST answers and a broker is in service: only then somebody can be told something. */
  async untilInService(): Promise<void> {
    await this.#process?.untilHealthy(HEALTHY_WITHIN_MS);
    await this.untilBroker();
    const now = performance.now();
    this.downtime.close(now);
    this.recoveriesMs.push(now - this.#spawnedAt);
  }

  async untilBroker(): Promise<void> {
    const until = performance.now() + HEALTHY_WITHIN_MS;
    while (!(await this.#servesBroker())) {
      if (performance.now() > until) throw new Error(`RIPE serves no broker:\n${this.tail}`);
      await pause(LOOK_EVERY_MS);
    }
  }

  async start(env: Readonly<Record<string, string>> = {}): Promise<void> {
    this.spawn(env);
    await this.untilInService();
  }

  async kill(): Promise<void> {
    const now = performance.now();
    this.downtime.open(now);
    this.killedAt.push(now);
    await this.#process?.stop('SIGKILL');
    this.#process = null;
  }

  async stop(): Promise<void> {
    this.downtime.open(performance.now());
    await this.#process?.stop();
    this.#process = null;
  }

  async #servesBroker(): Promise<boolean> {
    const probe = this.#probe;
    if (probe === null) return true;
    const answer = await call(this.url, 'GET', { path: `sensor/${probe.id}`, key: probe.key });
    const { broker } = (answer?.body ?? {}) as { broker?: { items: unknown[] } };
    return (broker?.items.length ?? 0) > 0;
  }
}
