import assert from 'node:assert/strict';
import { createLocalHost } from '../../src/adapters/agents/local-host.ts';
import type { AgentType } from '../../src/agent.ts';
import { chain, WateredSensor } from '../support/garden-flow.ts';
import { useMqttClients } from '../support/mqtt-clients.ts';
import { LEVEL, useNodeRed } from '../support/node-red-site.ts';
import { RuntimeCalls } from '../support/runtime-calls.ts';
import { until } from '../support/until.ts';

/** Long enough for the others to come while the first one runs. */
const RUN_MS = 1_500;

/** Waters by command and by a dry reading; on the supply that its settings name. */
const pumped: AgentType<null, { supply: string }> = {
  name: 'PumpedAgent',
  version: '1.0.0',
  apiVersion: 1,
  settings: {
    supply: {
      kind: 'text',
      key: '01_supply',
      label: { en: 'Supply', de: 'Zufuhr' },
      app: false,
      default: '',
    },
  },
  neutral: 0,
  explanations: { en: {}, de: {} },
  start: () => null,
  decide(event, { settings: { supply } }) {
    const isDry = event.type === 'reading' && (event.reading.moisture ?? 100) < 20;
    if (!isDry && event.type !== 'forced') return { because: { code: 'idle' } };
    const steps = [{ set: 1 }, { wait: RUN_MS }, { set: 0 }];
    return { job: { steps, supply }, because: { code: 'water' } };
  },
  render: () => ({ decorator: { Text: null }, state: 'Ready', rendered: '-' }),
};

describe('Two beds on one pump', () => {
  const site = useNodeRed();
  const mqtt = useMqttClients();

  async function bed(calls: RuntimeCalls, name: string): Promise<WateredSensor> {
    const sensor = new WateredSensor(site, mqtt);
    const { id, key } = await calls.registerSensor(name);
    Object.assign(sensor, { id, key });
    await calls.registerAgent(id, '01_Water', 'PumpedAgent');
    const at = { sensor: id, domain: '01_Water' };
    const { statusCode } = await calls.ask('patchSettings', {
      ...at,
      body: { settings: { supply: 'pump' } },
    });
    assert.equal(statusCode, 200);
    await sensor.connect();
    await sensor.holds(0);
    return sensor;
  }

  /** From when to when each device, and the flow's hose, was told to be on. */
  function spans(): [from: number, to: number][] {
    const on = new Map<string, number>();
    const all: [number, number][] = [];
    for (const { payload } of site.messages('steps')) {
      const { owner, value, startedAt, endsAt } = payload as Record<string, number> & { owner: string };
      if (value === 1) on.set(owner, Number(startedAt));
      else if (on.delete(owner)) all.push([Number(endsAt) - RUN_MS, Number(endsAt)]);
    }
    return all.sort(([a], [b]) => a - b);
  }

  it('never overlap, whoever started them: a reading, a command over REST, or a flow', async () => {
    await site.load(chain());
    await site.badge('loader', 'ripe-plugin-loader.status.ready');
    await site.badge('pool', 'ripe-broker-pool.status.connected');
    site.garden.agentTypes.put(createLocalHost(pumped));
    const calls = new RuntimeCalls(site);
    const [first, second] = [await bed(calls, 'Bed 1'), await bed(calls, 'Bed 2')];
    await first.read({ moisture: 5 });
    await first.holds(1);
    const command = { sensor: second.id, domain: '01_Water', body: { payload: 1 } };
    assert.equal((await calls.ask('command', command)).statusCode, 200);
    const plan = { steps: [{ set: 1 }, { wait: RUN_MS }], supply: 'pump' };
    site.receive('runner', { topic: 'job/start', payload: { owner: 'hose', plan } });
    await until(
      () => site.messages('jobs').filter(({ topic }) => topic === 'job/finished').length === 3,
      15_000,
    );
    const queued = site.messages('jobs').filter(({ topic }) => topic === 'job/queued');
    assert.equal(queued.length, 2);
    const [a, b, c] = spans();
    assert.ok(a !== undefined && b !== undefined && c !== undefined);
    assert.ok(a[1] <= b[0] && b[1] <= c[0], JSON.stringify([a, b, c]));
    assert.deepEqual(first.vectors.map(({ payload }) => payload[0]).slice(-2), [1, 0]);
    assert.deepEqual(second.vectors.map(({ payload }) => payload[0]).slice(-2), [1, 0]);
    assert.deepEqual(site.logged(LEVEL.WARN), []);
  });
});
