import assert from 'node:assert/strict';
import type { Choices } from '../../nodes/garden/choices.ts';
import { chain, WateredSensor } from '../support/garden-flow.ts';
import { useMqttClients } from '../support/mqtt-clients.ts';
import { useNodeRed } from '../support/node-red-site.ts';
import { GARDEN, gardenNode, tab } from '../support/ripe-flow.ts';
import { until } from '../support/until.ts';

interface Overview {
  readonly isServed: boolean;
  readonly sensorCount: number;
  readonly foundCount: number;
  readonly sensors: readonly {
    readonly name: string;
    readonly reading: { readonly moisture: number } | null;
    readonly lastSeen: number | null;
    readonly agents: readonly {
      readonly domain: string;
      readonly value: number;
      readonly reason: string | null;
    }[];
  }[];
  readonly jobs: readonly {
    readonly id: string;
    readonly owner: string;
    readonly state: string;
    readonly endsAt: number;
  }[];
  readonly plugins: readonly { readonly name: string; readonly health: string }[];
  readonly brokers: readonly { readonly name: string; readonly serves: boolean }[];
}

describe('what the editor asks a garden', () => {
  const site = useNodeRed();
  const mqtt = useMqttClients();
  let url = '';

  async function ask<Body>(
    place: string,
    body?: object,
    language = 'en',
  ): Promise<{ status: number; body: Body }> {
    const headers = { 'content-type': 'application/json', 'accept-language': language };
    const request =
      body === undefined ? { headers } : { headers, method: 'POST', body: JSON.stringify(body) };
    const response = await fetch(`${url}/ripe/gardens/${place}`, request);
    return { status: response.status, body: (await response.json()) as Body };
  }
  const overview = async (query = '', language = 'en') =>
    (await ask<Overview>(`${GARDEN}${query}`, undefined, language)).body;

  async function garden(): Promise<WateredSensor> {
    await site.load(chain());
    const sensor = new WateredSensor(site, mqtt);
    await sensor.registerAs('ThresholdAgent');
    await sensor.connect();
    await sensor.holds(0);
    url = await site.httpAdmin();
    return sensor;
  }

  it('is what there is to choose: sensors with their agents, agent types, supplies', async () => {
    const sensor = await garden();
    await sensor.calls.registerSensor('Bed 1');
    const { body } = await ask<Choices>(`${GARDEN}/choices`);
    assert.deepEqual(
      body.sensors.map(({ name, agents }) => [name, agents]),
      [
        ['Bed 1', []],
        ['Bed 3', [{ domain: '01_Water', agentName: 'ThresholdAgent' }]],
      ],
    );
    assert.deepEqual(body.agentTypes, ['PercentAgent', 'TestAgent', 'ThresholdAgent', 'TimeAgent']);
    assert.deepEqual(body.supplies, []);
  });

  it('is how everything stands, in the language of who asks, and never a key', async () => {
    const sensor = await garden();
    await sensor.read({ moisture: 10 });
    await sensor.holds(1);
    const seen = await overview();
    assert.deepEqual([seen.isServed, seen.sensorCount, seen.sensors[0]?.name], [true, 1, 'Bed 3']);
    assert.equal(seen.sensors[0]?.reading?.moisture, 10);
    assert.ok(Date.now() - Number(seen.sensors[0]?.lastSeen) < 60_000);
    const [agent] = seen.sensors[0]?.agents ?? [];
    assert.equal(agent?.value, 1);
    assert.match(agent?.reason ?? '', /10/);
    assert.notEqual((await overview('', 'de')).sensors[0]?.agents[0]?.reason, agent?.reason);
    assert.deepEqual(
      [seen.jobs.length, seen.jobs[0]?.owner, seen.jobs[0]?.state],
      [1, '1/01_Water', 'running'],
    );
    assert.ok(Number(seen.jobs[0]?.endsAt) > Date.now());
    assert.ok(seen.plugins.some(({ name, health }) => name === 'ThresholdAgent' && health === 'well'));
    assert.deepEqual(
      seen.brokers.map(({ serves }) => serves),
      [true],
    );
    assert.ok(!JSON.stringify([seen, (await ask(`${GARDEN}/choices`)).body]).includes(sensor.key));
  });

  it('finds sensors by part of their name', async () => {
    const sensor = await garden();
    await sensor.calls.registerSensor('Basil');
    const found = await overview('?find=bas');
    assert.deepEqual([found.sensorCount, found.foundCount, found.sensors[0]?.name], [2, 1, 'Basil']);
  });

  it('is to stop a job, that of an agent and that of a flow', async () => {
    const sensor = await garden();
    await sensor.read({ moisture: 10 });
    await sensor.holds(1);
    const plan = { steps: [{ set: 1 }, { wait: 60_000 }] };
    site.receive('runner', { topic: 'job/start', payload: { owner: 'fountain', plan } });
    await until(async () => (await overview()).jobs.length === 2);
    for (const { id } of (await overview()).jobs)
      assert.equal((await ask(`${GARDEN}/stop`, { job: id })).status, 200);
    await sensor.holds(0);
    await until(async () => (await overview()).jobs.length === 0);
    assert.equal((await ask(`${GARDEN}/stop`, { job: 'long over' })).status, 200);
  });

  it('is to stop an agent that holds a value, and to show a key to who asks for it', async () => {
    const sensor = await garden();
    await sensor.calls.registerAgent(1, '02_Fan', 'PercentAgent');
    await until(() => sensor.vectors.at(-1)?.payload.equals(Buffer.from([0, 50])));
    assert.equal((await ask(`${GARDEN}/stop`, { sensor: 1, domain: '02_Fan' })).status, 200);
    await until(() => sensor.vectors.at(-1)?.payload.equals(Buffer.from([0, 0])));
    assert.deepEqual((await ask(`${GARDEN}/key`, { sensor: 1 })).body, { key: sensor.key });
    assert.equal((await ask(`${GARDEN}/key`, { sensor: 2 })).status, 400);
    assert.equal((await ask(`${GARDEN}/stop`, { sensor: 1, domain: '09_None' })).status, 400);
  });

  it('is to look for plugins, and to go back', async () => {
    await garden();
    assert.equal((await ask(`${GARDEN}/plugins`, { action: 'rescan' })).status, 200);
    const { status, body } = await ask<{ error: string }>(`${GARDEN}/plugins`, {
      action: 'rollBack',
      name: 'ThresholdAgent',
    });
    assert.equal(status, 400);
    assert.equal(body.error, 'name: is no plugin of the folder or the palette');
  });

  it('is refused in words where it makes no sense', async () => {
    await site.load([tab(), gardenNode()]);
    url = await site.httpAdmin();
    assert.equal((await ask('nowhere')).status, 404);
    assert.equal((await ask(`${GARDEN}/choices`)).status, 503);
    assert.equal((await overview()).isServed, false);
    const { status, body } = await ask<{ error: string }>(`${GARDEN}/stop`, { job: 7 });
    assert.deepEqual([status, body.error], [400, 'job: must be the id of a job']);
  });
});
