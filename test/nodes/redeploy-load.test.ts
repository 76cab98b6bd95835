import assert from 'node:assert/strict';
import type { MqttClient } from 'mqtt';
import { freePort } from '../support/free-port.ts';
import { chain, WateredSensor } from '../support/garden-flow.ts';
import { assertNoGrowth, heldBy } from '../support/held-resources.ts';
import { useMqttClients } from '../support/mqtt-clients.ts';
import { LEVEL, useNodeRed } from '../support/node-red-site.ts';
import { type FlowNode, inGarden, probe } from '../support/ripe-flow.ts';
import { runs } from '../support/runs.ts';
import { quietly, until } from '../support/until.ts';
import { wetAgent } from '../support/wire-flow.ts';

/** 20 in `npm test`, 200 in `npm run test:long`. */
const REDEPLOYS = runs(20);
const TYPES = ['full', 'flows', 'nodes'] as const;
const READ_EVERY_MS = 5;
const RUN_MS = 30 * 60_000;

describe('a redeploy of RIPE under load', function () {
  this.timeout(20_000 + REDEPLOYS * 2_000);
  const site = useNodeRed();
  const mqtt = useMqttClients();

  /** Every node of RIPE but the config nodes of brokers elsewhere; `round` changes the nodes that are deployed anew. */
  function flow(port: number, round: number): FlowNode[] {
    const more = [
      inGarden('api', 'ripe-api'),
      inGarden('sensor', 'ripe-sensor', { of: 'all' }, ['readings'], ['heard'], ['heard']),
      inGarden('force', 'ripe-force', { of: 'one', sensor: '1', domain: '01_Water' }, ['outcomes']),
      ...wetAgent(),
      ...['readings', 'heard', 'outcomes'].map(probe),
    ];
    const nodes = chain({ more }).map((node) =>
      node.id === 'broker' ? { ...node, port: String(port) } : node,
    );
    const changing = [
      'pool',
      'runtime',
      'runner',
      'loader',
      'broker',
      'api',
      'sensor',
      'force',
      'in',
      'garden',
    ];
    const changed = changing[round % changing.length];
    return nodes.map((node) => (node.id === changed ? { ...node, name: `round ${round}` } : node));
  }

  /** A device that reports all the time, whatever happens at the other end. */
  async function load(port: number, sensor: WateredSensor): Promise<{ client: MqttClient; stop(): void }> {
    const client = await mqtt.connect(port);
    client.options.reconnectPeriod = 50;
    client.on('error', () => undefined);
    const timer = setInterval(() => {
      if (client.connected)
        client.publish(`sensor/data/${sensor.id}/${sensor.key}`, JSON.stringify({ moisture: 60 }));
    }, READ_EVERY_MS);
    return { client, stop: () => clearInterval(timer) };
  }

  it(`keeps every twin and job ${REDEPLOYS} times, and leaves nothing behind`, async () => {
    const port = await freePort();
    const types = ['function/10-function'];
    await site.load(flow(port, 0), { types });
    const sensor = new WateredSensor(site, mqtt);
    await sensor.registerAs('ThresholdAgent');
    const second = await sensor.calls.registerSensor('Bed 4');
    site.receive('force', { payload: 'go', delay: RUN_MS });
    await site.message('outcomes', 'force/started');
    const [job] = await site.garden.store.openJobs();
    assert.ok(job !== undefined);
    const device = await load(port, sensor);
    const rounds: Record<string, number>[] = [];
    for (let round = 1; round <= REDEPLOYS; round += 1) {
      for (const id of ['readings', 'heard', 'asked', 'replies', 'events', 'steps', 'jobs'])
        site.messages(id).length = 0;
      await site.deploy(flow(port, round), TYPES[round % TYPES.length] ?? 'full');
      await until(() => {
        const { live, brokers } = site.garden;
        if (!live.isServed || !brokers.isInService) return false;
        const { twins } = live.runtime;
        return Object.keys(twins).length === 2 && twins[sensor.id]?.agents[0]?.value === 1;
      }, 15_000);
      // The device has found back, and its readings reach whoever listens.
      await site.message('readings', `sensor/${sensor.id}/reading`, 15_000);
      assert.deepEqual(
        (await site.garden.store.openJobs()).map(({ id, endsAt }) => [id, endsAt]),
        [[job.id, job.endsAt]],
      );
      // As often as each kind of deploy comes round, what is held is looked at.
      if (round % TYPES.length === 0) {
        await quietly(30);
        rounds.push({ ...heldBy(site), followers: site.garden.live.followers });
      }
    }
    device.stop();
    assert.equal(site.garden.keys.keyOf(second.id), second.key);
    assertNoGrowth(rounds);
    site.receive('force', { payload: 'off' });
    await site.message('outcomes', 'force/stopped');
    assert.deepEqual(site.logged(LEVEL.ERROR), []);
  });
});
