import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { make } from '../../../contract/changes.ts';
import { GardenHarness } from '../../../support/garden-harness.ts';

const ABSENT = { status: 400, body: 'RIPE_AUTH_SENSOR' };

describe('Registering sensors', () => {
  it('gives ids from 1 on, a key, and the brokers in service (protocol §4.1)', async () => {
    const garden = await GardenHarness.start();
    const broker = {
      scheme: 'tcp' as const,
      host: 'h',
      port: 1,
      credentials: { username: 'u', password: 'p' },
    };
    garden.brokers = [broker];
    const first = (await garden.ask('registerSensor', { body: { name: null } })) as {
      id: number;
      key: string;
    };
    assert.deepEqual(first, { id: 1, key: garden.keys.keyOf(1), broker: { items: [broker] } });
    assert.equal(await garden.addSensor('Fern'), 2);
    assert.deepEqual([garden.twin(1).name, garden.twin(2).name], ['Sensor 1', 'Fern']);
  });

  it('works without a broker (protocol §3 FIX)', async () => {
    const garden = await GardenHarness.start({ isConnected: false });
    assert.equal(await garden.addSensor(), 1);
  });

  it('never gives an id twice, also after a restart', async () => {
    const garden = await GardenHarness.start();
    await garden.addSensor();
    await garden.removeSensor(1);
    await garden.crash();
    assert.equal(await garden.addSensor(), 2);
  });

  it('is refused while the store is in trouble, and leaves no twin', async () => {
    const garden = await GardenHarness.start();
    garden.store.isFailing = true;
    const answer = await garden.attempt('registerSensor', { body: {} });
    assert.deepEqual(answer, { status: 503, body: 'RIPE_STORE_FAILED' });
    assert.deepEqual(garden.runtime.counts, { sensors: 0, agents: 0 });
    assert.equal(garden.keys.keyOf(1), undefined);
    garden.store.isFailing = false;
    await garden.pass(1_000);
    await garden.crash();
    assert.deepEqual(garden.runtime.counts, { sensors: 0, agents: 0 });
    assert.equal(await garden.addSensor(), 2);
  });

  it('says nothing of keys in logs and events', async () => {
    const garden = await GardenHarness.start();
    const id = await garden.addSensor();
    await garden.addAgent(id, '01_Water');
    await garden.removeSensor(id);
    const text = JSON.stringify([garden.told, garden.logged]);
    assert.doesNotMatch(text, new RegExp(garden.keys.keyOf(id) ?? 'none'));
  });
});

describe('Deleting a sensor', () => {
  async function watered(): Promise<GardenHarness> {
    const garden = await GardenHarness.start();
    await garden.addSensor();
    await garden.addAgent(1, '01_Water');
    await garden.addAgent(1, '02_Fan', 'PercentAgent');
    await garden.receive(1, { moisture: 3 });
    await garden.receive(1, 'a line', 'log');
    return garden;
  }

  it('switches its actuators off, then deletes the retained vector (protocol §3 FIX)', async () => {
    const garden = await watered();
    await garden.removeSensor(1);
    assert.deepEqual(garden.vectors(1).slice(-3), [[0, 50], [0, 0], []]);
    assert.equal(garden.bytes(1), undefined);
  });

  it('erases its history in bites before, so that no other commit waits for all of it', async () => {
    const garden = await watered();
    for (let n = 0; n < 1_200; n += 1)
      garden.store.write({ type: 'readingAdded', sensor: 1, reading: make.reading(n) });
    const bites: number[] = [];
    const { store } = garden;
    const erase = store.erase.bind(store);
    store.erase = async (sensor, most) => {
      bites.push(await erase(sensor, most));
      return bites.at(-1) ?? 0;
    };
    await garden.removeSensor(1);
    assert.ok(bites.length > 3 && bites.every((count) => count <= 500), bites.join());
    assert.equal(bites.at(-1), 0);
  });

  it('deletes what belongs to it, its jobs among it (protocol §3 FIX)', async () => {
    const garden = await watered();
    await garden.removeSensor(1);
    await garden.pass(60_000);
    const { agents, rows, lines, commands, decisions, owedClears } = garden.store.disk;
    assert.deepEqual(
      { agents, rows, lines, commands, decisions, owedClears },
      {
        agents: [],
        rows: [],
        lines: [],
        commands: [],
        decisions: [],
        owedClears: [],
      },
    );
    assert.deepEqual(await garden.jobs(), []);
  });

  it('answers with the credentials and no broker (protocol §3)', async () => {
    const garden = await watered();
    const key = garden.keys.keyOf(1);
    const answer = await garden.ask('deleteSensor', { sensor: 1, body: { id: 1, key } });
    assert.deepEqual(answer, { id: 1, key, broker: { items: [] } });
    assert.deepEqual(await garden.attempt('status', { sensor: 1 }), ABSENT);
    assert.equal(garden.keys.check(1, key ?? ''), false);
  });

  it('owes the broker the deletion until that is delivered, also over a restart', async () => {
    const garden = await watered();
    await garden.disconnect();
    await garden.removeSensor(1);
    await garden.crash({ isConnected: false });
    assert.deepEqual(garden.bytes(1), [1, 50]);
    await garden.connect();
    assert.equal(garden.bytes(1), undefined);
    await garden.store.commit();
    assert.deepEqual(garden.store.disk.owedClears, []);
  });

  it('lets the job-runner close the job that ran', async () => {
    const garden = await watered();
    await garden.removeSensor(1);
    await garden.settle();
    assert.equal(garden.run.runner.runningJobs, 0);
    garden.told.length = 0;
    await garden.pass(60_000);
    assert.deepEqual(
      garden.told.filter(({ wire }) => wire === 'job/step'),
      [],
    );
  });

  it('ignores what still comes from it', async () => {
    const garden = await watered();
    const key = garden.keys.keyOf(1);
    await garden.removeSensor(1);
    await garden.receive(1, { moisture: 1 }, 'data', key);
    assert.equal(garden.runtime.twins[1], undefined);
  });
});

describe('The status of a sensor', () => {
  it('shows its last values, its agents in the order of their domains, and the brokers', async () => {
    const garden = await GardenHarness.start();
    await garden.addSensor();
    await garden.addAgent(1, '2_b', 'PercentAgent');
    await garden.addAgent(1, '10_a');
    await garden.receive(1, { moisture: 33, humidity: 5 });
    const status = (await garden.ask('status', { sensor: 1 })) as {
      data: Record<string, unknown>;
      agents: { domain: string }[];
      broker: unknown;
    };
    assert.deepEqual([status.data['moisture'], status.data['humidity'], status.data['light']], [33, 5, null]);
    assert.deepEqual(
      status.agents.map(({ domain }) => domain),
      ['10_a', '2_b'],
    );
    assert.deepEqual(status.broker, { items: [] });
  });

  it('has a timestamp also without data (protocol §3, status)', async () => {
    const garden = await GardenHarness.start();
    await garden.addSensor();
    const { data } = (await garden.ask('status', { sensor: 1 })) as { data: { timestamp: string } };
    assert.equal(data.timestamp, new Date(garden.clock.now()).toISOString());
  });

  it('tells the old firmware a broker as a text (protocol §10.3)', async () => {
    const garden = await GardenHarness.start();
    await garden.addSensor();
    const credentials = { username: 'u', password: 'p' };
    const old = async () =>
      ((await garden.ask('status', { sensor: 1, client: 'esp8266' })) as { broker: string }).broker;
    assert.equal(await old(), '');
    garden.brokers = [
      { scheme: 'wss', host: 'w', port: 2, credentials },
      { scheme: 'tcp', host: 'h', port: 1, credentials },
    ];
    assert.equal(await old(), 'tcp://h:1');
  });
});
