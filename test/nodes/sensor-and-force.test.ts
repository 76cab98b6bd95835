import assert from 'node:assert/strict';
import type { ForceOutcome } from '../../src/domain/job/force.ts';
import { chain, WateredSensor } from '../support/garden-flow.ts';
import { useMqttClients } from '../support/mqtt-clients.ts';
import { LEVEL, useNodeRed } from '../support/node-red-site.ts';
import { inGarden, probe } from '../support/ripe-flow.ts';
import { quietly, until } from '../support/until.ts';

const SWITCH = 'function/10-switch';

describe('the nodes sensor and force', () => {
  const site = useNodeRed();
  const mqtt = useMqttClients();

  const sensorNode = (properties: object, readings = ['readings']) =>
    inGarden('sensor', 'ripe-sensor', properties, readings, ['commands'], ['news']);
  const forceNode = (properties: object) =>
    inGarden('force', 'ripe-force', { duration: '60', durationType: 'num', ...properties }, ['outcomes']);
  const probes = ['readings', 'commands', 'news', 'outcomes'].map(probe);

  async function garden(...nodes: ReturnType<typeof sensorNode>[]): Promise<WateredSensor> {
    await site.load(chain({ more: [...nodes, ...probes] }), { types: [SWITCH] });
    const sensor = new WateredSensor(site, mqtt);
    await sensor.registerAs('ThresholdAgent');
    await sensor.connect();
    await sensor.holds(0);
    return sensor;
  }
  const outcomes = () => site.messages('outcomes').map(({ topic }) => topic);
  const kinds = (id: string) => new Set(site.messages(id).map(({ topic }) => topic?.split('/')[2]));

  it('water a dry plant in a flow of three nodes: sensor, switch, force', async () => {
    const isDry = {
      property: 'payload.moisture',
      propertyType: 'msg',
      rules: [{ t: 'lt', v: '30', vt: 'num' }],
    };
    const sensor = await garden(
      sensorNode({ of: 'named', pattern: 'bed *' }, ['dry', 'readings']),
      { ...inGarden('dry', 'switch', { ...isDry, checkall: 'true', outputs: 1 }, ['force']) },
      forceNode({ of: 'message', domain: '01_Water', duration: '20' }),
    );
    await sensor.read({ moisture: 60 });
    await site.message('readings', `sensor/${sensor.id}/reading`);
    await sensor.read({ moisture: 25 });
    await sensor.holds(1);
    const started = await site.message('outcomes', 'force/started');
    const outcome = started.payload as ForceOutcome;
    assert.deepEqual([outcome.sensor, outcome.domain, outcome.value], [sensor.id, '01_Water', 1]);
    assert.equal(Number(outcome.endsAt) - Number(outcome.startedAt), 20_000);
    assert.equal(started['name'], 'Bed 3', 'the rest of the message stays');
    await site.badge('force', 'ripe-force.status.started');
    await site.badge('sensor', 'ripe-sensor.status.heard');
    site.receive('force', { sensor: sensor.id, payload: 'off' });
    await sensor.holds(0);
    await site.message('outcomes', 'force/stopped');
    await site.message('outcomes', 'force/cancelled');
    assert.deepEqual(site.logged(LEVEL.WARN), []);
  });

  it('send readings, commands and events of the sensors that are meant, and of no others', async () => {
    const sensor = await garden(sensorNode({ of: 'one', sensor: '1', domain: '01_Water' }));
    assert.equal(sensor.id, 1);
    const other = await sensor.calls.registerSensor('Bed 4');
    await sensor.calls.registerAgent(other.id, '01_Water', 'ThresholdAgent');
    await sensor.calls.registerAgent(1, '02_Fan', 'PercentAgent');
    await sensor.read({ moisture: 10, ph: 6.5 });
    const reading = await site.message('readings', 'sensor/1/reading');
    const { payload } = reading as unknown as { payload: { moisture: number; extra: object } };
    assert.deepEqual([reading['sensor'], reading['name'], payload.moisture], [1, 'Bed 3', 10]);
    assert.deepEqual(payload.extra, { ph: 6.5 });
    await until(() => kinds('news').has('job') && kinds('news').has('decision'));
    await until(() => kinds('commands').has('command') && kinds('commands').has('envelope'));
    for (const id of ['readings', 'commands', 'news'])
      for (const message of site.messages(id)) assert.equal(message['sensor'], 1);
    const domains = site.messages('news').map(({ payload: event }) => (event as { domain?: string }).domain);
    assert.ok(!domains.includes('02_Fan'));
  });

  it('send one figure of a reading, where only that is wanted', async () => {
    const sensor = await garden(sensorNode({ of: 'all', metric: 'ph' }));
    await sensor.read({ moisture: 60 });
    await sensor.read({ moisture: 60, ph: 6.5 });
    const { payload } = await site.message('readings', 'sensor/1/reading');
    assert.equal(payload, 6.5);
    assert.equal(site.messages('readings').length, 1);
  });

  it('take a duration as people write it, as other timers do, or from where the dialog says', async () => {
    const sensor = await garden(
      forceNode({
        of: 'named',
        pattern: 'Bed 3',
        domain: '01_Water',
        duration: 'seconds',
        durationType: 'msg',
      }),
    );
    const ran = async (message: object) => {
      site.messages('outcomes').length = 0;
      site.receive('force', message);
      const { payload } = await site.message('outcomes', 'force/started');
      return (Number((payload as ForceOutcome).endsAt) - Number((payload as ForceOutcome).startedAt)) / 1000;
    };
    assert.equal(await ran({ payload: '5 min' }), 300);
    assert.equal(await ran({ payload: 'go', delay: 90_000 }), 90);
    assert.equal(await ran({ payload: 1, seconds: 40 }), 40);
    assert.equal(await ran({ payload: true, seconds: '2 min' }), 120);
    site.receive('force', { payload: 0 });
    await sensor.holds(0);
  });

  it('hold a value, and let it go', async () => {
    const sensor = await garden(
      forceNode({
        of: 'one',
        sensor: '1',
        domain: '02_Fan',
        action: 'hold',
        value: 'payload',
        valueType: 'msg',
      }),
    );
    await sensor.calls.registerAgent(1, '02_Fan', 'PercentAgent');
    const last = () => sensor.vectors.at(-1)?.payload.at(1);
    site.receive('force', { payload: 35 });
    await until(() => last() === 35);
    await site.badge('force', 'ripe-force.status.held {"name":"Bed 3","domain":"02_Fan","value":35}');
    site.receive('force', { payload: false });
    await until(() => last() === 0);
    // What stops does not wait for the disk, but what becomes of it is told when it is there.
    await until(() => outcomes().length > 1);
    assert.deepEqual(outcomes(), ['force/held', 'force/stopped']);
  });

  it('say what is wrong with an order, and then do nothing', async () => {
    const sensor = await garden(forceNode({ of: 'message', domain: '' }));
    const other = await sensor.calls.registerSensor('Bed 3');
    for (const [message, text] of [
      [{ sensor: 1 }, 'domain: names no agent'],
      [{ domain: '01_Water' }, 'sensor: is missing'],
      [{ sensor: 99, domain: '01_Water' }, 'no sensor 99'],
      [{ sensor: 'Bed 3', domain: '01_Water' }, '2 sensors are called "Bed 3"'],
      [{ sensor: other.id, domain: '01_Water' }, `sensor ${other.id} has no agent 01_Water`],
      [{ sensor: 1, domain: '01_Water', action: 'jump' }, 'action: must be one of run, hold, stop'],
      [{ sensor: 1, domain: '01_Water', delay: 1 }, 'delay: must be from 1000'],
      [{ sensor: 1, domain: '01_Water', action: 'hold', payload: 5 }, 'runs for a time'],
      [{ sensor: 1, domain: '01_Water', action: 'hold', payload: 'x' }, 'value: must be a number'],
    ] as const) {
      site.receive('force', message);
      await site.error('force', text);
    }
    assert.deepEqual(outcomes(), []);
    await sensor.holds(0);
  });

  it('wait for the runtime, and follow the one that comes after it', async () => {
    const nodes = [
      sensorNode({ of: 'all' }),
      forceNode({ of: 'one', sensor: '1', domain: '01_Water' }),
      ...probes,
    ];
    const sensor = await garden(...nodes.slice(0, 2));
    const flow = chain({ more: nodes });
    await site.deploy(
      flow.filter(({ id }) => id !== 'runtime'),
      'nodes',
    );
    await site.badge('sensor', 'ripe-sensor.status.waiting');
    site.receive('force', { payload: 'go' });
    await site.error('force', 'No ripe-sensor-runtime is at work');
    await site.deploy(flow, 'nodes');
    await until(() => site.garden.live.isServed);
    await quietly(50);
    await sensor.read({ moisture: 60 });
    await site.message('readings', 'sensor/1/reading');
    site.receive('force', { payload: 'go' });
    await sensor.holds(1);
    assert.equal(site.garden.live.followers, 1);
  });

  it('carry no key', async () => {
    const sensor = await garden(
      sensorNode({ of: 'all' }),
      forceNode({ of: 'one', sensor: '1', domain: '01_Water' }),
    );
    await sensor.read({ moisture: 10 });
    site.receive('force', { payload: 'go' });
    await site.message('outcomes', 'force/started');
    for (const id of ['readings', 'commands', 'news', 'outcomes'])
      assert.ok(!JSON.stringify(site.messages(id)).includes(sensor.key), id);
  });
});
