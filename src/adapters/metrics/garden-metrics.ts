import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { ROUTES } from '../../domain/rest/routes.ts';
import type { RuntimeEvent } from '../../domain/runtime/events.ts';
import type { Twin } from '../../domain/sensor/twin.ts';
import type { ConnectionsStanding } from '../../domain/store.ts';
import type { StoreOperation } from '../store/timed-store.ts';

/** What is looked at when somebody asks for the metrics. */
export interface MetricsSources {
  twins(): readonly Twin[];
  brokers(): readonly { readonly name: string; readonly serves: boolean }[];
  plugins(): readonly { readonly health: string }[];
  streams(): number;
  queuedChanges(): number;
  /** For how long no commit has come through, though one was tried, ms. */
  pendingCommitMs(): number;
  /** Of a database on another machine. */
  connections(): readonly ConnectionsStanding[];
}

/** Of the process: event loop, memory, CPU. Once, however many gardens there are. */
let ofProcess: Registry | null = null;

function processRegistry(): Registry {
  if (ofProcess === null) {
    ofProcess = new Registry();
    collectDefaultMetrics({ register: ofProcess });
  }
  return ofProcess;
}

const OPERATIONS: ReadonlySet<string> = new Set(['refused', ...ROUTES.map(({ operation }) => operation)]);
const STORE_BUCKETS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5];

/**
 * What a garden tells Prometheus. Nothing has a label for a sensor or an agent: a garden of 10,000 sensors has as many
 * series as one of 10.
 */
export class GardenMetrics {
  readonly #registry = new Registry();
  readonly #readings = this.#counter('ripe_readings_total', 'Readings taken, over MQTT and HTTP');
  readonly #logLines = this.#counter('ripe_log_lines_total', 'Log lines taken from sensors');
  readonly #decisions = this.#counter(
    'ripe_decisions_total',
    'Decisions on record, by what was decided on',
    'event',
  );
  readonly #commands = this.#counter(
    'ripe_commands_total',
    'Commands, by each state that they have reached',
    'state',
  );
  readonly #jobs = this.#counter('ripe_jobs_total', 'Jobs of agents, by what has happened to them', 'event');
  readonly #requests = this.#counter(
    'ripe_http_requests_total',
    'Calls of the REST interface that were answered',
    'operation',
    'status',
  );
  readonly #store = new Histogram({
    name: 'ripe_store_operation_duration_seconds',
    help: 'How long the store takes for what somebody waits for',
    labelNames: ['operation'],
    buckets: STORE_BUCKETS,
    registers: [this.#registry],
  });

  constructor(sources: MetricsSources) {
    this.#tellAgents(sources);
    this.#tellStore(sources);
    this.#gauge('ripe_event_streams', 'Clients that listen to live events', (gauge) =>
      gauge.set(sources.streams()),
    );
    this.#labelled('ripe_broker_up', 'Whether RIPE serves this broker', ['broker'], (gauge) => {
      for (const { name, serves } of sources.brokers()) gauge.set({ broker: name }, serves ? 1 : 0);
    });
    this.#labelled('ripe_plugins', 'Plugins by their health', ['health'], (gauge) => {
      for (const { health } of sources.plugins()) gauge.inc({ health });
    });
  }

  #tellAgents(sources: MetricsSources): void {
    const count = (name: string, help: string, isCounted: (twin: Twin) => number) =>
      this.#gauge(name, help, (gauge) =>
        gauge.set(sources.twins().reduce((sum, twin) => sum + isCounted(twin), 0)),
      );
    const agents = (isCounted: (agent: Twin['agents'][number]) => boolean) => (twin: Twin) =>
      twin.agents.filter(isCounted).length;
    count('ripe_sensors', 'Registered sensors', () => 1);
    count(
      'ripe_agents',
      'Agents of all sensors',
      agents(() => true),
    );
    count(
      'ripe_agents_parked',
      'Agents whose agent type is not loaded',
      agents(({ parked }) => parked !== null),
    );
    count(
      'ripe_agents_locked_out',
      'Agents that failed too often, and are not asked any more',
      agents(({ guard }) => guard.lockout !== undefined),
    );
    count(
      'ripe_jobs_running',
      'Agents that have a job',
      agents(({ job }) => job !== null),
    );
    count(
      'ripe_messages_refused',
      'Messages of the present sensors that were refused since the start',
      (twin) => twin.dropped,
    );
  }

  #tellStore(sources: MetricsSources): void {
    this.#gauge('ripe_store_queued_changes', 'Changes that wait for their commit', (gauge) =>
      gauge.set(sources.queuedChanges()),
    );
    this.#gauge(
      'ripe_store_oldest_pending_commit_age_seconds',
      'For how long the oldest commit has been under way, or tried again and again; 0: none is',
      (gauge) => gauge.set(sources.pendingCommitMs() / 1_000),
    );
    this.#labelled(
      'ripe_store_connections',
      'Connections to PostgreSQL, and callers that wait for one',
      ['pool', 'state'],
      (gauge) => {
        for (const { pool, open, idle, waiting } of sources.connections()) {
          gauge.set({ pool, state: 'busy' }, open - idle);
          gauge.set({ pool, state: 'idle' }, idle);
          gauge.set({ pool, state: 'waiting' }, waiting);
        }
      },
    );
  }

  /** Counts what happens in the garden. */
  follow(event: RuntimeEvent): void {
    switch (event.kind) {
      case 'reading':
        this.#readings.inc();
        break;
      case 'log':
        this.#logLines.inc();
        break;
      case 'decision':
        this.#decisions.inc({ event: event.event });
        break;
      case 'envelope':
        this.#commands.inc({ state: event.state });
        break;
      case 'job':
        this.#jobs.inc({ event: event.event });
    }
  }

  /** What is no operation of the route table, e.g. of a message that somebody has made, shares one label. */
  answered(operation: string, status: number): void {
    const known = OPERATIONS.has(operation) ? operation : 'other';
    this.#requests.inc({ operation: known, status: String(status) });
  }

  stored(operation: StoreOperation, seconds: number): void {
    this.#store.observe({ operation }, seconds);
  }

  /** In Prometheus' text format 0.0.4. */
  async text(): Promise<string> {
    return Registry.merge([this.#registry, processRegistry()]).metrics();
  }

  #counter(name: string, help: string, ...labelNames: string[]): Counter {
    return new Counter({ name, help, labelNames, registers: [this.#registry] });
  }

  #gauge(name: string, help: string, collect: (gauge: Gauge) => void): void {
    const gauge: Gauge = new Gauge({
      name,
      help,
      registers: [this.#registry],
      collect: () => collect(gauge),
    });
  }

  /** What has gone is not told any more. */
  #labelled(name: string, help: string, labelNames: string[], collect: (gauge: Gauge) => void): void {
    const gauge: Gauge = new Gauge({
      name,
      help,
      labelNames,
      registers: [this.#registry],
      collect() {
        gauge.reset();
        collect(gauge);
      },
    });
  }
}
