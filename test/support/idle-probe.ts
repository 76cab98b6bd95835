// A process of its own, with a heap that nobody else fills: `node --expose-gc idle-probe.ts <sensors>`. It starts that many
// sensors with two agents each, each with settings of its own, tells a broker of all of them, and prints the bytes of heap
// that one takes.
import { shippedAgentTypes } from '../../plugins/index.ts';
import { AgentRegistry } from '../../src/adapters/agents/agent-registry.ts';
import { createLocalHost } from '../../src/adapters/agents/local-host.ts';
import { PluginDesk } from '../../src/adapters/agents/plugin-desk.ts';
import { systemClock } from '../../src/adapters/clock/system-clock.ts';
import { createTimetables } from '../../src/adapters/clock/timetable.ts';
import { MemoryKeyRing } from '../../src/adapters/keys/key-ring.ts';
import { completeSettings } from '../../src/domain/agent/settings-controls.ts';
import type { RuntimePorts } from '../../src/domain/runtime/ports.ts';
import { SensorRuntime } from '../../src/domain/runtime/sensor-runtime.ts';
import type { AgentRecord, SensorsRecord } from '../../src/domain/store.ts';
import { MemoryStore } from './memory-store.ts';

const SENSORS = Number(process.argv[2] ?? 5_000);
const agentTypes = new AgentRegistry();
for (const type of shippedAgentTypes) agentTypes.put(createLocalHost(type));

/** A garden that is read from no disk, and written to none. */
class LargeGarden extends MemoryStore {
  override write(): void {}

  override async openJobs() {
    return [];
  }

  override async endedJobs() {
    return { jobs: [], next: null };
  }

  override async loadSensors(after: number, most: number): Promise<SensorsRecord> {
    const ids = Array.from({ length: Math.min(most, SENSORS - after) }, (_, place) => after + place + 1);
    return {
      sensors: ids.map((id) => ({ id, key: `key${id}`, name: `Bed ${id}`, createdAt: 0 })),
      agents: ids.flatMap((id) => [
        agentOf(id, '01_Water', 'ThresholdAgent', { actionDurationMs: 60_000 + id }),
        agentOf(id, '02_Light', 'TimeAgent', { durationMs: 60_000 + id }),
      ]),
      newestRows: new Map(),
      newestCommands: new Map(),
      logSequences: new Map(),
    };
  }
}

function agentOf(sensor: number, domain: string, agentName: string, own: object): AgentRecord {
  const host = agentTypes.get(agentName);
  if (host === undefined) throw new Error(`${agentName} is not shipped`);
  const settings = { ...completeSettings(host.settings, {}), ...own };
  const state = host.start(settings) as AgentRecord['state'];
  return { sensor, domain, agentName, version: host.version, state, settings, value: 0, wakeAt: null };
}

async function createRuntime(): Promise<SensorRuntime> {
  const store = new LargeGarden();
  await store.open();
  const nothing = () => undefined;
  const ports: RuntimePorts = {
    store,
    agentTypes,
    plugins: new PluginDesk(agentTypes),
    keys: new MemoryKeyRing(),
    clock: systemClock,
    timetable: createTimetables(systemClock),
    wires: {
      publish: ({ delivery }) => queueMicrotask(() => told(delivery)),
      startJob: nothing,
      isRunnerNext: () => true,
      cancelJob: nothing,
      cutJob: nothing,
      jobDelivered: nothing,
      syncJobs: nothing,
      event: nothing,
    },
    log: { info: nothing, warn: nothing, error: nothing },
    logLines: 124,
    epoch: () => 1,
    newId: () => 'job',
    newKey: () => 'key',
    brokers: () => [],
    brokerStandings: () => [],
    metrics: async () => '',
    supplies: {},
    whatIf: () => Promise.reject(new Error('nobody asks')),
    within: (promise) => promise,
  };
  return new SensorRuntime(ports);
}

const { promise: allTold, resolve: allAreTold } = Promise.withResolvers<void>();
let vectors = 0;
function told(delivery: Parameters<SensorRuntime['delivered']>[0]): void {
  runtime.delivered(delivery);
  if (delivery.envelope === undefined) vectors += 1;
  if (vectors === SENSORS) allAreTold();
}

function heapBytes(): number {
  for (let round = 0; round < 3; round += 1) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

const runtime = await createRuntime();
const before = heapBytes();
await runtime.start();
runtime.brokerConnected();
await allTold;
console.log(Math.round((heapBytes() - before) / SENSORS));
runtime.stop();
