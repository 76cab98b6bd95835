import assert from 'node:assert/strict';
import { eventually } from '../support/eventually.ts';
import { useMqttClients } from '../support/mqtt-clients.ts';
import { useNodeRed } from '../support/node-red-site.ts';
import { embedded, gardenNode, inGarden, probe, tab } from '../support/ripe-flow.ts';
import { quietly, until } from '../support/until.ts';

const POOL = 'ripe-broker-pool.status';

describe('ripe-broker-pool in a garden, at the embedded broker', () => {
  const site = useNodeRed();
  const mqtt = useMqttClients();

  /** The pool is connected; sensor 7 is registered. */
  async function open(properties: object = {}): Promise<number> {
    await site.load([
      tab(),
      gardenNode(),
      embedded(),
      inGarden('broker', 'ripe-embedded-broker', {}, ['clients']),
      inGarden('pool', 'ripe-broker-pool', { brokers: ['here'], ...properties }, ['received'], ['events']),
      probe('clients'),
      probe('received'),
      probe('events'),
    ]);
    const port = await site.mqttPort('broker');
    await site.message('events', 'broker/connected');
    site.garden.keys.set(7, 'KEY7');
    return port;
  }

  it('says when it is connected, on output 2, in its badge and to the garden', async () => {
    const port = await open();
    const { payload } = await site.message('events', 'broker/connected');
    const { broker, at, ...rest } = payload as { broker: string; at: number };
    assert.equal(broker, 'the broker here');
    assert.ok(Math.abs(Date.now() - at) < 5_000);
    assert.deepEqual(rest, {});
    const looks = site.badges('pool').map(({ fill, shape, text }) => `${fill} ${shape} ${text}`);
    assert.deepEqual(
      [looks[0], looks.at(-1)],
      [
        `green ring ${POOL}.connecting {"broker":"the broker here"}`,
        `green dot ${POOL}.connected {"broker":"the broker here"}`,
      ],
    );
    assert.deepEqual(
      site.garden.brokers
        .addresses('garden.local')
        .map(({ scheme, host, port: told }) => [scheme, host, told]),
      [['tcp', 'garden.local', port]],
    );
  });

  it('hands on what it receives, as documented', async () => {
    const client = await mqtt.connect(await open());
    await client.publishAsync('sensor/data/7/KEY7', '{"moisture":18.5}', { qos: 2 });
    await client.publishAsync('sensor/log/7/KEY7', 'pump on', { qos: 0 });
    const data = await site.message('received', 'sensor/data/7/KEY7');
    const log = await site.message('received', 'sensor/log/7/KEY7');
    const { _msgid, ...documented } = data;
    assert.equal(typeof _msgid, 'string');
    assert.deepEqual(documented, {
      topic: 'sensor/data/7/KEY7',
      payload: Buffer.from('{"moisture":18.5}'),
      qos: 2,
      retain: false,
      broker: 'the broker here',
    });
    assert.deepEqual([log.payload, log['qos']], [Buffer.from('pump on'), 0]);
  });

  it('publishes with the key of the garden, retained and with its quality of service', async () => {
    const port = await open();
    const live = await mqtt.listen(port, 'sensor/cmd/7/KEY7');
    const vector = { topic: 'sensor/cmd/7', payload: Buffer.from([1, 0]), qos: 2, retain: true };
    site.receive('pool', vector);
    const [received] = await until(() => live.length > 0 && live);
    assert.deepEqual(received, {
      topic: 'sensor/cmd/7/KEY7',
      payload: Buffer.from([1, 0]),
      qos: 2,
      retain: false,
    });
    const later = await mqtt.listen(port, 'sensor/cmd/7/KEY7');
    assert.equal((await until(() => later[0])).retain, true);
    assert.equal(site.messages('events').filter(({ topic }) => topic === 'delivery').length, 0);
  });

  it('reports the delivery of what asks for it', async () => {
    await open();
    const delivery = { sensor: 7, sequence: 1 };
    site.receive('pool', { topic: 'sensor/cmd/7', payload: '', qos: 2, delivery });
    const { payload } = await site.message('events', 'delivery');
    const { at, ...rest } = payload as { at: number };
    assert.ok(Math.abs(Date.now() - at) < 5_000);
    assert.deepEqual(rest, { delivery, ok: true });
  });

  it('reports what cannot be delivered, and why; nothing of that is an error of the node', async () => {
    await open();
    site.receive('pool', { topic: 'sensor/cmd/8', payload: '', delivery: 'unknown' });
    site.receive('pool', { topic: 'a/b', payload: '', qos: 3, delivery: 'qos' });
    const reports = await until(() => {
      const found = site.messages('events').filter(({ topic }) => topic === 'delivery');
      return found.length === 2 && found.map(({ payload }) => payload as Record<string, unknown>);
    });
    assert.deepEqual(
      reports.map(({ delivery, ok, reason }) => [delivery, ok, reason]),
      [
        ['unknown', false, 'topic: names sensor 8, which is not registered'],
        ['qos', false, 'qos: must be 0, 1 or 2'],
      ],
    );
    assert.deepEqual(site.logged(20), []);
  });

  const bad: [string, object, string][] = [
    ['no topic', { payload: 'x' }, 'topic: must be a text'],
    ['a wildcard', { topic: 'a/+', payload: 'x' }, 'topic: must not contain + or #'],
    ['a sensor nobody knows', { topic: 'sensor/cmd/8', payload: '' }, 'topic: names sensor 8'],
    ['a quality of service of 3', { topic: 'a', qos: 3 }, 'qos: must be 0, 1 or 2'],
    ['a quality of service as text', { topic: 'a', qos: '1' }, 'qos: must be 0, 1 or 2'],
    ['a retain that is no boolean', { topic: 'a', retain: 'yes' }, 'retain: must be true or false'],
    ['an expiry of 0', { topic: 'a', expiry: 0 }, 'expiry: must be a whole number of seconds'],
    ['an expiry of 1.5 s', { topic: 'a', expiry: 1.5 }, 'expiry: must be a whole number of seconds'],
  ];
  it('names the bad field of a message', async () => {
    await open();
    for (const [, message] of bad) site.receive('pool', message);
    for (const [what, , error] of bad) assert.ok(await site.error('pool', error), what);
  });

  it('sends texts, numbers, objects and nothing as MQTT wants them', async () => {
    const port = await open();
    const received = await mqtt.listen(port, 'sensor/cmd/7/KEY7');
    const payloads = ['text', 5, false, { on: true }, Buffer.from([0xff]), undefined, null];
    for (const payload of payloads) site.receive('pool', { topic: 'sensor/cmd/7', payload });
    await until(() => received.length === payloads.length);
    assert.deepEqual(
      received.map(({ payload }) => payload.toString('latin1')),
      ['text', '5', 'false', '{"on":true}', '\xff', '', ''],
    );
  });

  it('subscribes sensor by sensor as they come and go, where its dialog says so', async () => {
    const client = await mqtt.connect(await open({ subscribe: 'perSensor' }));
    const heard = () => [...new Set(site.messages('received').map(({ topic }) => topic))];
    site.garden.keys.set(8, 'KEY8');
    await client.publishAsync('sensor/data/7/WRONG', 'x', { qos: 1 });
    for (const id of [7, 8]) {
      const topic = `sensor/log/${id}/KEY${id}`;
      // Until the broker has subscribed the pool.
      await eventually(async () => {
        await client.publishAsync(topic, 'here', { qos: 1 });
        assert.ok(heard().includes(topic));
      });
    }
    site.garden.keys.retire(7);
    await quietly();
    await client.publishAsync('sensor/data/7/KEY7', 'gone', { qos: 1 });
    await client.publishAsync('sensor/data/8/KEY8', 'stays', { qos: 1 });
    await site.message('received', 'sensor/data/8/KEY8');
    assert.deepEqual(heard(), ['sensor/log/7/KEY7', 'sensor/log/8/KEY8', 'sensor/data/8/KEY8']);
  });

  it('subscribes to nothing where its dialog says so', async () => {
    const client = await mqtt.connect(await open({ subscribe: 'none' }));
    await client.publishAsync('sensor/data/7/KEY7', 'x', { qos: 2 });
    await quietly();
    assert.deepEqual(site.messages('received'), []);
  });

  it('serves a former key as well, until its grace period ends, and leaves nothing behind under it', async () => {
    const port = await open();
    const vector = (...bytes: number[]) => ({
      topic: 'sensor/cmd/7',
      payload: Buffer.from(bytes),
      qos: 2,
      retain: true,
    });
    site.garden.keys.change(7, 'NEW7', Date.now() + 1_500);
    const former = await mqtt.listen(port, 'sensor/cmd/7/KEY7');
    const present = await mqtt.listen(port, 'sensor/cmd/7/NEW7');
    site.receive('pool', vector(1));
    await until(() => former.length > 0 && present.length > 0);
    const device = await mqtt.connect(port);
    await device.publishAsync('sensor/data/7/KEY7', '{"moisture":1}', { qos: 1 });
    await site.message('received', 'sensor/data/7/KEY7');
    await until(() => site.garden.keys.formerCount(7) === 0, 8_000);
    site.receive('pool', vector(0));
    await until(() => present.length > 1);
    await quietly();
    assert.deepEqual(
      [former, present].map((got) => got.map(({ payload }) => payload[0])),
      [[1], [1, 0]],
    );
    site.garden.keys.set(7, 'KEY7');
    assert.deepEqual(await retained(port, 'sensor/cmd/7/KEY7'), []);
  });

  /** What a client gets at once of a topic. */
  async function retained(port: number, topic: string) {
    const received = await mqtt.listen(port, topic);
    await quietly();
    return received;
  }
});
