import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { GardenStore } from '../../../dashboard/ui/data/garden-store.ts';
import type { Sensor } from '../../../dashboard/ui/data/shapes.ts';
import { FakeGardenClient } from '../../support/fake-garden-client.ts';
import { until } from '../../support/until.ts';

const sensor = (id: number, moisture = 40): Sensor =>
  ({ id, name: `Bed ${id}`, last_seen: null, data: { timestamp: '', moisture }, agents: [] }) as never;
/** Events of a moment are one question. */
const A_MOMENT_MS = 450;

describe('What pages know of the garden', () => {
  let client: FakeGardenClient;
  let store: GardenStore;
  let sensors: Sensor[];

  beforeEach(async () => {
    client = new FakeGardenClient();
    sensors = [sensor(1), sensor(2)];
    client.answer = ({ path }) => {
      if (path === '/api/overview') return { brokers: [{}], sensors };
      return sensors.find(({ id }) => path === `/api/sensor/${id}/overview`);
    };
    store = new GardenStore(client.asClient);
    store.start();
    await pause(0);
  });
  afterEach(() => store.stop());

  it('is asked for once, and followed', () => {
    assert.deepEqual([[...store.sensors.keys()], client.followed], [[1, 2], ['all']]);
    assert.deepEqual([store.state.isLoaded, store.state.hasBroker], [true, true]);
  });

  it('takes readings as they are told, and asks nobody for that', () => {
    client.tell('sensor/2/reading', {
      sensor: 2,
      reading: { timestamp: Date.UTC(2026, 5, 1), moisture: 12, temperature: 20 },
    });
    const { data, last_seen } = store.sensors.get(2) ?? {};
    assert.deepEqual(data, { timestamp: '2026-06-01T00:00:00.000Z', moisture: 12, temperature: 20 });
    assert.ok(Date.now() - Date.parse(last_seen ?? '') < 1_000);
    assert.deepEqual(client.paths, ['/api/overview']);
  });

  it('asks anew for a sensor that something has changed, once for all of a moment', async () => {
    sensors = [sensor(1), sensor(2, 7)];
    for (const kind of ['decision', 'command', 'agent']) client.tell(`sensor/2/${kind}`);
    client.tell('sensor/1/log');
    client.tell('sensor/1/envelope');
    await pause(A_MOMENT_MS);
    assert.deepEqual(client.paths.slice(1), ['/api/sensor/2/overview']);
    assert.equal(store.sensors.get(2)?.data?.moisture, 7);
  });

  it('asks for all of them at once, where many have changed', async () => {
    for (let id = 1; id <= 21; id += 1) client.tell(`sensor/${id}/command`);
    await pause(A_MOMENT_MS);
    assert.deepEqual(client.paths.slice(1), ['/api/overview']);
  });

  it('forgets a sensor that is removed, told or not', async () => {
    client.tell('sensor/1/removed');
    assert.deepEqual([...store.sensors.keys()], [2]);
    sensors = [sensor(3)];
    await store.load();
    assert.deepEqual([...store.sensors.keys()], [3]);
  });

  it('asks RIPE whether a broker serves, when one comes or goes', async () => {
    client.answer = () => ({ brokers: [], sensors });
    client.tell('broker/disconnected');
    await pause(A_MOMENT_MS);
    assert.equal(store.state.hasBroker, false);
  });

  it('keeps what it has while RIPE does not answer, and says so', async () => {
    client.answer = () => {
      throw new Error('it is on fire');
    };
    await store.load();
    assert.deepEqual([store.sensors.size, store.state.error], [2, 'it is on fire']);
  });

  it('asks again by itself until RIPE answers', async () => {
    store.stop();
    const { answer } = client;
    client.answer = () => assert.fail('RIPE is starting');
    store = new GardenStore(client.asClient, { retryMs: 1 });
    store.start();
    await until(() => client.paths.length > 3);
    assert.equal(store.state.error, 'RIPE is starting');
    client.answer = answer;
    await until(() => store.state.isLoaded);
    assert.equal(store.state.error, '');
  });

  it('catches up after a lost connection, and whoever shows more does, too', async () => {
    let missed = 0;
    store.onMissed(() => {
      missed += 1;
    });
    client.disconnect();
    assert.equal(store.state.isConnected, false);
    client.connect();
    await pause(0);
    assert.deepEqual(
      [store.state.isConnected, missed, client.paths, client.followed],
      [true, 1, ['/api/overview', '/api/overview'], ['all', 'all']],
    );
  });

  it('goes on being told while somebody looks away for a moment: to ask for all anew costs more', async () => {
    store.setSeen(false);
    client.tell('sensor/1/reading', { reading: { timestamp: 0, moisture: 12 } });
    store.setSeen(true);
    await pause(0);
    assert.deepEqual([client.followed, client.paths], [['all'], ['/api/overview']]);
    assert.equal(store.sensors.get(1)?.data?.moisture, 12);
  });

  describe('that nobody has seen for a while', () => {
    beforeEach(async () => {
      store.stop();
      client.followed.length = 0;
      store = new GardenStore(client.asClient, { lingerMs: 0 });
      store.start();
      store.setSeen(false);
      await pause(5);
      client.calls.length = 0;
    });

    it('follows nothing, and catches up then', async () => {
      store.follow(2);
      store.setSeen(true);
      await pause(0);
      assert.deepEqual(client.followed, ['all', null, null, 2]);
      assert.equal(client.paths.at(-1), '/api/overview');
    });

    it('asks for nothing when the connection is back', async () => {
      client.disconnect();
      client.connect();
      await pause(0);
      assert.deepEqual([store.state.isConnected, client.paths], [true, []]);
      store.setSeen(true);
      assert.deepEqual(client.paths, ['/api/overview']);
    });
  });

  it('asks anew for what it follows from now on: events of before may have been meant for others', () => {
    store.follow(2);
    store.follow('all');
    assert.deepEqual(client.followed, ['all', 2, 'all']);
    assert.deepEqual(client.paths.slice(1), ['/api/sensor/2/overview', '/api/overview']);
  });
});
