import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpLimits } from '../../domain/broker/client-limits.ts';
import type { HomeAssistantSettings } from '../../domain/home-assistant/settings.ts';
import type { OwnLimits } from '../../domain/job/limits.ts';
import type { Registration } from '../../domain/rest/parse-request.ts';
import type { Capacities } from '../../domain/runner/supplies.ts';
import { sensorParts } from '../../domain/sensor/sensor-parts.ts';
import type { Store } from '../../domain/store.ts';
import { AgentRegistry } from '../agents/agent-registry.ts';
import { PluginDesk } from '../agents/plugin-desk.ts';
import { within } from '../clock/within.ts';
import { MemoryKeyRing } from '../keys/key-ring.ts';
import { Tokens } from '../keys/tokens.ts';
import { GardenMetrics } from '../metrics/garden-metrics.ts';
import type { FilePlugins } from '../plugin-files/file-plugins.ts';
import { createStore } from '../store/create-store.ts';
import { KEEP_DAYS, type KeepDays, Retention } from '../store/retention.ts';
import type { SqliteBounds } from '../store/sqlite/connect.ts';
import { STALL_MS } from '../store/stall-watch.ts';
import type { StoreReports } from '../store/store-reports.ts';
import { timedStore } from '../store/timed-store.ts';
import { Admission } from '../wall/admission.ts';
import { Attendance } from './attendance.ts';
import { BrokerBoard } from './broker-board.ts';
import { Epoch } from './epoch.ts';
import { LastWords } from './last-words.ts';
import { LiveGarden } from './live-garden.ts';
import { Receipts } from './receipts.ts';
import { WiredAgents } from './wired-agents.ts';

export interface GardenOptions extends StoreReports, Bounds {
  /** The SQLite database. */
  readonly file: string;
  /** The PostgreSQL database to use instead. */
  readonly databaseUrl?: string | null;
  /** How long a reading or log line may wait for its commit. */
  readonly tickMs?: number;
  readonly sqlite?: SqliteBounds;
  readonly keepDays?: KeepDays;
  readonly registration: Registration;
  readonly adminToken: string | null;
  /** Opens the metrics and nothing else; null: only the administrator's does. */
  readonly metricsToken?: string | null;
  readonly logLines: number;
  readonly externalHost: string | null;
  /** Hard limits for all agents, on top of what their types say. */
  readonly limits?: OwnLimits;
  /** How many jobs each supply can serve at once; 1 where nothing is said. */
  readonly supplies?: Capacities;
  /** null: Home Assistant is shown nothing. */
  readonly homeAssistant?: HomeAssistantSettings | null;
}

interface Bounds {
  /** What callers of REST are held to. */
  readonly httpLimits?: HttpLimits;
  readonly mostSensors?: number;
}

const STORE_AGAIN_MS = 1_000;
const PING_MS = 500;

/** What a garden needs to be at work; the names are those of the answer. */
export interface Readiness {
  readonly ready: boolean;
  readonly store: boolean;
  readonly runtime: boolean;
  readonly job_runner: boolean;
  readonly broker: boolean;
}

/** The services of one garden: store, keys, agent types, brokers. What nodes share, they share here. */
export class Garden {
  readonly store: Store;
  readonly keys = new MemoryKeyRing();
  readonly agentTypes = new AgentRegistry();
  readonly plugins = new PluginDesk(this.agentTypes);
  readonly wiredAgents = new WiredAgents(this.plugins);
  /** Plugins that are files; whoever loads them keeps them here, so that they outlive a deploy of the loader alone. */
  filePlugins: FilePlugins | null = null;
  readonly brokers: BrokerBoard;
  /** What Prometheus is told. */
  readonly metrics = new GardenMetrics({
    twins: () => (this.live.isServed ? Object.values(this.live.runtime.twins) : []),
    brokers: () => this.brokers.list(),
    plugins: () => this.plugins.list(),
    streams: () => this.eventStreams,
    queuedChanges: () => this.store.queued ?? 0,
    pendingCommitMs: () => this.store.pendingMs ?? 0,
    connections: () => this.store.connections ?? [],
  });
  /** How many clients listen to live events. */
  eventStreams = 0;
  readonly admission: Admission;
  readonly attendance = new Attendance();
  readonly receipts = new Receipts();
  readonly lastWords = new LastWords();
  readonly live = new LiveGarden();
  readonly epoch: Epoch;
  /** Random: of this run, for a second RIPE that commands the same garden. */
  readonly instance: string = randomUUID();
  readonly registration: Registration;
  readonly logLines: number;
  readonly limits: OwnLimits;
  readonly supplies: Capacities;
  readonly homeAssistant: HomeAssistantSettings | null;
  /** Resolves when store and keys are there. */
  readonly ready: Promise<void>;
  #isStoreOpen = false;
  #isReady = false;
  readonly #tokens: Tokens;
  readonly #retention: Retention;
  #gardenId = '';
  #isStopped = false;
  #start: () => void = () => undefined;

  constructor(options: GardenOptions) {
    this.store = timedStore(createStore(options), (operation, seconds) =>
      this.metrics.stored(operation, seconds),
    );
    this.#retention = new Retention({
      store: this.store,
      clock: { now: Date.now },
      days: options.keepDays ?? KEEP_DAYS,
      onError: (error) => options.onNotice?.(`what is too old could not be deleted: ${String(error)}`),
    });
    this.epoch = new Epoch({
      store: this.store,
      clock: { now: Date.now },
      onError: (error) => options.onNotice?.(`the new epoch could not be stored: ${String(error)}`),
    });
    this.admission = new Admission({
      ...(options.httpLimits === undefined ? {} : { limits: options.httpLimits }),
      ...(options.mostSensors === undefined ? {} : { mostSensors: options.mostSensors }),
    });
    this.brokers = new BrokerBoard(options.externalHost);
    this.registration = options.registration;
    this.logLines = options.logLines;
    this.limits = options.limits ?? {};
    this.supplies = options.supplies ?? {};
    this.homeAssistant = options.homeAssistant ?? null;
    this.#tokens = new Tokens(options.adminToken, options.metricsToken ?? null);
    const started = new Promise<void>((resolve) => {
      this.#start = resolve;
    });
    this.ready = started.then(() => this.#open());
    // Everybody who waits for it hears of a failure; that nobody waits is no crash.
    this.ready.catch(() => undefined);
  }

  /** Whether `ready` has resolved: who asks for every request does not wait a turn for that. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** Random, made with the database. */
  get id(): string {
    return this.#gardenId;
  }

  start(): Promise<void> {
    this.#start();
    return this.ready;
  }

  /** Closes the store, once all who work with it have gone. */
  async stop(): Promise<void> {
    // Who is still starting needs the store; a store that does not open is not waited for.
    if (this.#isStoreOpen) await this.attendance.empty();
    else await this.attendance.gone('runtime', 'runner', 'pool', 'broker');
    this.#isStopped = true;
    this.wiredAgents.stop();
    await this.filePlugins?.stop();
    this.agentTypes.clear();
    await this.#retention.stop();
    await this.store.close();
  }

  isAdministrator(token: string | undefined): boolean {
    return this.#tokens.isAdministrator(token);
  }

  mayReadMetrics(token: string | undefined): boolean {
    return this.#tokens.mayReadMetrics(token);
  }

  /** No broker retains anything under a former key any more. */
  forgetKey(sensor: number, key: string): void {
    this.keys.forget(sensor, key);
    this.store.write({ type: 'formerKeyGone', sensor, key });
  }

  /** Whether the garden takes readings and carries commands out; what of it does not. */
  async readiness(): Promise<Readiness> {
    const store = this.#isReady && (await this.#storeAnswers());
    const runtime = this.live.isServed;
    const jobRunner = this.attendance.has('runner');
    const broker = this.brokers.isInService;
    return { ready: store && runtime && jobRunner && broker, store, runtime, job_runner: jobRunner, broker };
  }

  /** Also a disk that is full takes nothing, and one that hangs. */
  async #storeAnswers(): Promise<boolean> {
    if ((this.store.pendingMs ?? 0) >= STALL_MS) return false;
    return within(this.store.ping(), PING_MS).then(
      () => true,
      () => false,
    );
  }

  /** Resolves when everything written so far is on disk, however long that takes, or the garden stops. */
  async stored(): Promise<void> {
    while (!this.#isStopped) {
      try {
        return await this.store.commitToDisk();
      } catch {
        // The store itself has told why.
        await sleep(STORE_AGAIN_MS, undefined, { ref: false });
      }
    }
  }

  async #open(): Promise<void> {
    await this.store.open();
    this.#isStoreOpen = true;
    const record = await this.store.load();
    this.#gardenId = record.gardenId;
    this.epoch.resume(record.epoch);
    const sensors = (after: number, most: number) => this.store.sensors(after, most);
    for await (const part of sensorParts(sensors, (part) => part)) this.keys.load(part);
    this.keys.load([], record.formerKeys);
    for (const { sensor, key } of record.owedClears) this.keys.loadRetired(sensor, key);
    // Last: on a full disk nothing could be read after it.
    await this.epoch.raise();
    // Who was stopped meanwhile begins nothing any more: nobody would end it.
    if (!this.#isStopped) this.#retention.start();
    this.#isReady = true;
  }
}
