import type { MqttClient } from 'mqtt';
import { createLocalHost } from '../../src/adapters/agents/local-host.ts';
import type { AgentType } from '../../src/agent.ts';
import type { MqttClients, Received } from './mqtt-clients.ts';
import type { NodeRedSite } from './node-red-site.ts';
import { embedded, type FlowNode, gardenNode, inGarden, probe, tab } from './ripe-flow.ts';
import { RuntimeCalls } from './runtime-calls.ts';
import { until } from './until.ts';

export interface ChainOptions {
  /** Where the readings go first; it has to lead to `runtime`. */
  readonly readings?: string;
  /** Where the jobs go first; it has to lead to `runner`. */
  readonly jobs?: string;
  readonly more?: readonly FlowNode[];
}

/** RIPE as the bundled flow has it: embedded broker, pool, runtime, runner and loader. */
export function chain({ readings = 'runtime', jobs = 'runner', more = [] }: ChainOptions = {}): FlowNode[] {
  const out = ['runtime'];
  return [
    tab(),
    gardenNode(),
    embedded(),
    inGarden('broker', 'ripe-embedded-broker'),
    inGarden('pool', 'ripe-broker-pool', { brokers: ['here'] }, [readings], out),
    inGarden('loader', 'ripe-plugin-loader', {}, out),
    inGarden('runtime', 'ripe-sensor-runtime', {}, ['pool'], [jobs], ['replies'], ['events'], ['replies']),
    inGarden('runner', 'ripe-job-runner', {}, ['runtime', 'steps'], ['runtime', 'jobs']),
    ...['replies', 'events', 'steps', 'jobs'].map(probe),
    ...more,
  ];
}

const shortRuns = (runMs: number): AgentType<null, object> => ({
  name: 'ShortAgent',
  version: '1.0.0',
  apiVersion: 1,
  settings: {},
  neutral: 0,
  explanations: { en: {}, de: {} },
  start: () => null,
  decide(event, { job }) {
    if (event.type === 'jobEnded') return { because: { code: event.job.outcome } };
    const isDry = event.type === 'reading' && (event.reading.moisture ?? 100) < 20;
    if (!isDry || job !== null) return { because: { code: 'idle' } };
    return { job: { steps: [{ set: 1 }, { wait: runMs }, { set: 0 }] }, because: { code: 'dry' } };
  },
  render: () => ({ decorator: { Text: null }, state: 'Ready', rendered: '-' }),
});

/** A sensor with an agent that waters when it is dry: below 20 %. */
export class WateredSensor {
  readonly calls: RuntimeCalls;
  readonly #site: NodeRedSite;
  readonly #mqtt: MqttClients;
  id = 0;
  key = '';
  /** The vectors that the device gets. */
  vectors: Received[] = [];
  /** Of the vector that was waited for last. */
  #place = 0;
  #client: MqttClient | null = null;

  constructor(site: NodeRedSite, mqtt: MqttClients) {
    this.calls = new RuntimeCalls(site);
    this.#site = site;
    this.#mqtt = mqtt;
  }

  /** The agent runs for a minute, or for `runMs`: no type that RIPE ships runs for less than five seconds. */
  async register(runMs?: number): Promise<void> {
    if (runMs === undefined) return this.registerAs('ThresholdAgent');
    await this.#site.badge('loader', 'ripe-plugin-loader.status.ready');
    this.#site.garden.agentTypes.put(createLocalHost(shortRuns(runMs)));
    await this.registerAs('ShortAgent');
  }

  async registerAs(agentName: string): Promise<void> {
    await this.#site.badge('loader', 'ripe-plugin-loader.status.ready');
    await this.#site.badge('pool', 'ripe-broker-pool.status.connected');
    ({ id: this.id, key: this.key } = await this.calls.registerSensor('Bed 3'));
    await this.calls.registerAgent(this.id, '01_Water', agentName);
  }

  async connect(): Promise<void> {
    const port = await this.#site.mqttPort('broker');
    this.vectors = await this.#mqtt.listen(port, `sensor/cmd/${this.id}/${this.key}`);
    this.#place = 0;
    this.#client = await this.#mqtt.connect(port);
  }

  async read(message: object): Promise<void> {
    await this.#client?.publishAsync(`sensor/data/${this.id}/${this.key}`, JSON.stringify(message), {
      qos: 1,
    });
  }

  /** Waits for a vector of this one byte, from the last one on that was waited for: a short run may be over when one looks. */
  async holds(value: number, waitMs?: number): Promise<void> {
    const vector = Buffer.from([value]);
    await until(() => {
      const after = this.vectors.slice(this.#place).findIndex(({ payload }) => payload.equals(vector));
      if (after < 0) return false;
      this.#place += after;
      return true;
    }, waitMs);
  }
}
