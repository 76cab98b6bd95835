import assert from 'node:assert/strict';
import { RipeError } from '../../src/domain/errors.ts';
import type { Twins } from '../../src/domain/sensor/twin.ts';
import { chain, WateredSensor } from '../support/garden-flow.ts';
import { assertNoGrowth, heldBy } from '../support/held-resources.ts';
import { useMqttClients } from '../support/mqtt-clients.ts';
import { LEVEL, useNodeRed } from '../support/node-red-site.ts';
import { inGarden } from '../support/ripe-flow.ts';
import { quietly, until } from '../support/until.ts';

const ROUNDS = 10;
/** Just short of the 5 s for which those who leave are waited for (attendance.ts). */
const WAITED_FOR_MS = 4_500;

describe('a redeploy of RIPE', () => {
  const site = useNodeRed();
  const mqtt = useMqttClients();
  const flow = () => chain({ more: [inGarden('api', 'ripe-api')] });

  it('leaves no listener, timer or socket behind, and loses no sensor', async () => {
    await site.load(flow());
    const sensor = new WateredSensor(site, mqtt);
    await sensor.register();
    const { id, key } = sensor;
    const rounds: Record<string, number>[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      await site.unload();
      for (const node of ['broker', 'pool', 'runtime', 'api', 'loader', 'runner']) {
        site.badges(node).length = 0;
      }
      await quietly(20);
      await site.load(flow());
      await site.mqttPort('broker');
      await site.badge('pool', 'ripe-broker-pool.status.connected');
      await site.badge('runtime', 'ripe-sensor-runtime.status.ready {"sensors":1,"agents":1}');
      await site.badge('loader', 'ripe-plugin-loader.status.ready');
      assert.equal(site.garden.keys.keyOf(id), key);
      await quietly(50);
      rounds.push(heldBy(site));
    }
    assertNoGrowth(rounds);
    assert.deepEqual(site.logged(LEVEL.WARN), []);
  });

  it('turns the water off at the stop, and goes on with the job at the next start', async () => {
    await site.load(flow());
    const sensor = new WateredSensor(site, mqtt);
    await sensor.register();
    await sensor.connect();
    await sensor.read({ moisture: 10 });
    await sensor.holds(1);
    await site.unload();
    await sensor.holds(0);
    for (const id of ['jobs', 'steps']) site.messages(id).length = 0;
    for (const id of ['broker', 'runtime']) site.badges(id).length = 0;
    await site.load(flow());
    await site.message('jobs', 'job/resumed');
    await until(() => {
      // The runtime may still be rebuilding them.
      const twins = site.node('runtime').context().flow.get('sensors') as Twins | undefined;
      return twins?.[sensor.id]?.agents[0]?.value === 1;
    });
    assert.equal((await site.garden.store.openJobs()).length, 1);
  });

  for (const gone of ['runner', 'runtime']) {
    it(`without the node ${gone} turns the water off and keeps the job, which goes on once it is back`, async () => {
      await site.load(flow());
      const sensor = new WateredSensor(site, mqtt);
      await sensor.register();
      await sensor.connect();
      await sensor.read({ moisture: 10 });
      await sensor.holds(1);
      await site.deploy(
        flow().filter((node) => node.id !== gone),
        'nodes',
      );
      await sensor.holds(0);
      assert.deepEqual(
        (await site.garden.store.openJobs()).map(({ status }) => status),
        ['running'],
      );
      await site.deploy(flow(), 'nodes');
      await sensor.holds(1);
    });
  }

  for (const [id, type] of [
    ['runner', 'ripe-job-runner'],
    ['runtime', 'ripe-sensor-runtime'],
  ] as const) {
    const anew = () => flow().map((node) => (node.id === id ? { ...node, name: 'anew' } : node));
    /** Until the answer is called nobody is told which jobs are open. */
    const breakStore = () => {
      const { store } = site.garden;
      let isBroken = true;
      const openJobs = () =>
        isBroken ? Promise.reject(new RipeError('RIPE_STORE_FAILED')) : store.openJobs();
      Object.assign(site.garden, { store: Object.create(store, { openJobs: { value: openJobs } }) });
      return () => {
        isBroken = false;
      };
    };

    it(`of the node ${id} while the store takes nothing waits for it, and says so`, async () => {
      await site.load(flow());
      const sensor = new WateredSensor(site, mqtt);
      await sensor.register();
      await sensor.connect();
      await sensor.read({ moisture: 10 });
      await sensor.holds(1);
      const mend = breakStore();
      await site.deploy(anew(), 'nodes');
      await sensor.holds(0);
      await site.badge(id, `${type}.status.waiting`);
      mend();
      await sensor.holds(1);
      assert.deepEqual(site.logged(LEVEL.ERROR), []);
    });

    it(`of the node ${id} once more ends its waiting for the store without a word`, async () => {
      await site.load(flow());
      await site.badge('pool', 'ripe-broker-pool.status.connected');
      const mend = breakStore();
      await site.deploy(anew(), 'nodes');
      await site.badge(id, `${type}.status.waiting`);
      const begun = performance.now();
      await site.deploy(flow(), 'nodes');
      assert.ok(performance.now() - begun < 2_000);
      mend();
      const sensor = new WateredSensor(site, mqtt);
      await sensor.register();
      await sensor.connect();
      await sensor.read({ moisture: 10 });
      await sensor.holds(1);
      assert.deepEqual(site.logged(LEVEL.ERROR), []);
    });
  }

  for (const id of ['pool', 'runtime', 'runner', 'loader', 'broker', 'api']) {
    it(`of the node ${id} alone takes no longer than it must, and everything works after it`, async () => {
      await site.load(flow());
      const sensor = new WateredSensor(site, mqtt);
      await sensor.register();
      await sensor.connect();
      await sensor.holds(0);
      for (const node of ['broker', 'pool']) site.badges(node).length = 0;
      const former = site.node(id);
      const deployedAt = performance.now();
      await site.deploy(
        flow().map((node) => (node.id === id ? { ...node, name: 'anew' } : node)),
        'nodes',
      );
      const took = performance.now() - deployedAt;
      assert.ok(took < WAITED_FOR_MS, `${took} ms`);
      assert.notEqual(site.node(id), former);
      if (['pool', 'broker'].includes(id)) await site.badge('pool', 'ripe-broker-pool.status.connected');
      if (id === 'broker') await sensor.connect();
      await until(() => site.garden.live.isServed && site.garden.brokers.isInService);
      await quietly();
      await sensor.read({ moisture: 10 });
      await sensor.holds(1);
      assert.deepEqual(site.logged(LEVEL.ERROR), []);
    });
  }
});
