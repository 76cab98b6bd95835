import { shippedAgentTypes } from '../../plugins/index.ts';
import { AgentRegistry } from '../../src/adapters/agents/agent-registry.ts';
import { createLocalHost } from '../../src/adapters/agents/local-host.ts';
import { PluginDesk } from '../../src/adapters/agents/plugin-desk.ts';
import type { Broker } from '../../src/domain/broker/broker.ts';
import type { Envelope } from '../../src/domain/command/envelope.ts';
import { RipeError } from '../../src/domain/errors.ts';
import type { JobRecord, JobRequest } from '../../src/domain/job/job.ts';
import type { OwnLimits } from '../../src/domain/job/limits.ts';
import type { ApiRequest } from '../../src/domain/rest/request.ts';
import type { Operation } from '../../src/domain/rest/route.ts';
import type { Capacities } from '../../src/domain/runner/supplies.ts';
import type { Publication } from '../../src/domain/runtime/ports.ts';
import type { Twin } from '../../src/domain/sensor/twin.ts';
import { WrittenJson } from '../../src/domain/wire-json.ts';
import { checkAnswer } from './answer-check.ts';
import { FakeClock } from './fake-clock.ts';
import type { FakeHome } from './fake-home.ts';
import { FakePool } from './fake-pool.ts';
import { GardenRun } from './garden-run.ts';
import { MemoryDisk } from './memory-disk.ts';
import { MemoryKeys } from './memory-keys.ts';
import { MemoryStore } from './memory-store.ts';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

interface HarnessOptions {
  readonly isConnected?: boolean;
  readonly logLines?: number;
  readonly limits?: OwnLimits;
  readonly supplies?: Capacities;
  readonly disk?: MemoryDisk;
  /** A Home Assistant at the broker. */
  readonly home?: FakeHome;
  /** False: without the agent types that RIPE ships. */
  readonly hasShipped?: boolean;
}

interface CrashOptions {
  readonly isConnected?: boolean;
  readonly runnerFirst?: boolean;
  /** How long nobody is there. */
  readonly downMs?: number;
}

/**
 * A garden in memory: runtime and job-runner as they are, a clock that is moved by hand, and wires that pass one
 * message after the other, in the order in which they were sent.
 */
export class GardenHarness {
  readonly clock = new FakeClock();
  readonly keys = new MemoryKeys();
  readonly types = new AgentRegistry();
  readonly plugins = new PluginDesk(this.types);
  readonly logLines: number;
  readonly limits: OwnLimits;
  readonly supplies: Capacities;
  /** What has happened on any wire, and in the log: for reading in assertions. */
  readonly told: { wire: string; payload: unknown }[] = [];
  readonly logged: string[] = [];
  readonly home: FakeHome | null;
  brokers: Broker[] = [];
  /** Of the garden, raised at every start. */
  epoch = 0;
  /** A node on the wire between runtime and job-runner; false drops the message. */
  jobWire: (
    topic: 'job/start' | 'job/cancel' | 'job/cut' | 'job/delivered' | 'job/sync',
    payload: JobRequest | { job: string } | undefined,
  ) => boolean = () => true;
  /** Whether nothing is on the wire to the job-runner; set where nodes are to be on it. */
  isRunnerNext = true;
  /** False: a node on the wire from the job-runner drops everything. */
  isRunnerHeard = true;
  store: MemoryStore;
  pool: FakePool;
  run: GardenRun;
  #ids = 0;

  private constructor(options: HarnessOptions) {
    this.logLines = options.logLines ?? 124;
    this.home = options.home ?? null;
    if (this.home !== null) this.home.isConnected = () => this.pool.isConnected;
    this.limits = options.limits ?? {};
    this.supplies = options.supplies ?? {};
    this.store = this.#openStore(options.disk ?? new MemoryDisk());
    this.run = new GardenRun(this);
    this.pool = this.#newPool(new Map());
    if (options.hasShipped !== false)
      for (const type of shippedAgentTypes) this.types.put(createLocalHost(type));
  }

  static async start(options: HarnessOptions = {}): Promise<GardenHarness> {
    const garden = new GardenHarness(options);
    await garden.#begin();
    if (options.isConnected !== false) await garden.connect();
    return garden;
  }

  get runtime() {
    return this.run.runtime;
  }

  newId(): string {
    this.#ids += 1;
    return `job-${String(this.#ids).padStart(5, '0')}`;
  }

  /** Lets every message on the wires arrive. */
  settle(): Promise<void> {
    return this.run.settle();
  }

  /** Lets time pass; what falls due on the way happens at its time. */
  async pass(ms: number): Promise<void> {
    const until = this.clock.now() + ms;
    await this.settle();
    while (this.clock.next(until)) await this.settle();
    await this.settle();
  }

  /** Asks over REST; throws what the request is refused with, or what its route does not promise of the answer. */
  async ask(operation: Operation, parts: Partial<ApiRequest> = {}): Promise<unknown> {
    const asked = (async () => this.runtime.request(request(operation, parts)))();
    asked.catch(() => undefined);
    await this.settle();
    const { status, body } = await asked;
    if (status === 200) checkAnswer(operation, body);
    return body instanceof WrittenJson ? JSON.parse(body.text) : body;
  }

  async attempt(operation: Operation, parts: Partial<ApiRequest> = {}): Promise<Answer> {
    try {
      return { status: 200, body: await this.ask(operation, parts) };
    } catch (error) {
      if (!(error instanceof RipeError)) throw error;
      return { status: error.status, body: error.code };
    }
  }

  async addSensor(name: string | null = null): Promise<number> {
    return ((await this.ask('registerSensor', { body: { name } })) as { id: number }).id;
  }

  async addAgent(sensor: number, domain: string, agentName = 'ThresholdAgent'): Promise<void> {
    await this.ask('registerAgent', { sensor, body: { domain, agent_name: agentName } });
  }

  async removeAgent(sensor: number, domain: string, agentName = 'ThresholdAgent'): Promise<void> {
    await this.ask('deleteAgent', { sensor, body: { domain, agent_name: agentName } });
  }

  async removeSensor(sensor: number): Promise<void> {
    await this.ask('deleteSensor', { sensor, body: { id: sensor, key: this.keys.keyOf(sensor) ?? '' } });
  }

  async force(sensor: number, domain: string, payload: number): Promise<void> {
    await this.ask('command', { sensor, domain, body: { payload } });
  }

  /** A message as the sensor sends it over MQTT. */
  async receive(
    sensor: number,
    message: unknown,
    channel = 'data',
    key = this.keys.keyOf(sensor),
  ): Promise<void> {
    const payload = typeof message === 'string' ? message : JSON.stringify(message);
    this.runtime.received(`sensor/${channel}/${sensor}/${key}`, Buffer.from(payload));
    await this.settle();
  }

  async connect(): Promise<void> {
    this.pool.connect();
    await this.settle();
  }

  async disconnect(): Promise<void> {
    this.pool.disconnect();
    await this.settle();
  }

  /** The runtime alone is deployed anew, while a commit of the one before may be under way still. */
  async redeployRuntime(): Promise<void> {
    const { run, pool, store } = this;
    const words = run.runtime.lastWords();
    run.replaceRuntime();
    for (const word of words)
      if ('topic' in word) pool.publish({ ...word, delivery: { sensor: 0, sequence: 0 } } as Publication);
    // The next one reads what is on disk, after what is being written.
    store.isHanging = false;
    await this.settle();
    await run.runtime.start();
    if (pool.isConnected) run.post(() => run.connected());
    await this.settle();
  }

  /** The job-runner alone is deployed anew. */
  async redeployRunner(): Promise<void> {
    this.store.isHanging = false;
    await this.run.replaceRunner();
    await this.settle();
  }

  /** The process dies and starts again on the same database; the broker keeps what it retains. */
  async crash(options: CrashOptions = {}): Promise<void> {
    const { retained, log, posted } = this.pool;
    const { isFailing, gathersFor } = this.store;
    const disk = this.store.crash();
    this.run.end();
    this.clock.forget();
    this.clock.jump(options.downMs ?? 0);
    this.store = this.#openStore(disk);
    this.store.gathersFor = gathersFor;
    const { observer } = this.run;
    observer.crashes?.(isFailing);
    this.run = new GardenRun(this);
    this.run.observer = observer;
    this.pool = this.#newPool(retained);
    this.pool.log.push(...log);
    this.pool.posted.push(...posted);
    await this.#begin(options.runnerFirst);
    if (options.isConnected !== false) await this.connect();
  }

  twin(sensor: number): Twin {
    const twin = this.runtime.twins[sensor];
    if (twin === undefined) throw new Error(`sensor ${sensor} has no twin`);
    return twin;
  }

  agent(sensor: number, domain: string) {
    const agent = this.twin(sensor).agents.find((each) => each.domain === domain);
    if (agent === undefined) throw new Error(`sensor ${sensor} has no agent ${domain}`);
    return agent;
  }

  /** The vector that the broker retains. */
  bytes(sensor: number): readonly number[] | undefined {
    return this.pool.retained.get(`sensor/cmd/${sensor}`);
  }

  /** All vectors that the broker was given, of one sensor. */
  vectors(sensor: number): (readonly number[])[] {
    return this.pool.log.filter(({ topic }) => topic === `sensor/cmd/${sensor}`).map(({ bytes }) => bytes);
  }

  /** All envelopes that the broker was given, of one sensor. */
  envelopes(sensor: number): Envelope[] {
    return this.pool.posted
      .filter(({ topic }) => topic === `sensor/envelope/${sensor}`)
      .map(({ envelope }) => envelope);
  }

  /** Committed or not. */
  jobs(): Promise<JobRecord[]> {
    return this.store.commit().then(() => this.store.disk.jobs);
  }

  async #begin(runnerFirst = true): Promise<void> {
    this.epoch += 1;
    if (runnerFirst) await this.run.runner.start();
    await this.run.runtime.start();
    if (!runnerFirst) await this.run.runner.start();
    await this.settle();
  }

  #openStore(disk: MemoryDisk): MemoryStore {
    const store = new MemoryStore(disk, this.clock);
    void store.open();
    return store;
  }

  #newPool(retained: ReadonlyMap<string, readonly number[]>): FakePool {
    const { run } = this;
    const pool = new FakePool({
      clock: this.clock,
      timetable: this.clock.timetable,
      connected: () => run.post(() => run.connected()),
      reported: (delivery, isDelivered) => run.post(() => run.reported(delivery, isDelivered)),
    });
    for (const [topic, bytes] of retained) pool.retained.set(topic, bytes);
    return pool;
  }
}

export function request(operation: Operation, parts: Partial<ApiRequest> = {}): ApiRequest {
  return { operation, timeZone: 'UTC', locale: 'en', host: 'localhost', client: 'other', ...parts };
}
