import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createEmbeddedBroker } from '../../../../src/adapters/embedded-broker/embedded-broker.ts';
import { RipeError } from '../../../../src/domain/errors.ts';
import { collect, loginCode, quietly, until, useEmbeddedBroker } from './embedded-broker-support.test.ts';

const QUIET = { keys: { check: () => false }, onClient: () => undefined, log: () => undefined };

describe('embedded broker', () => {
  describe('starting and stopping', () => {
    it('names the setting when its port is taken', async () => {
      const taken = createServer().listen(0, '127.0.0.1');
      await once(taken, 'listening');
      const { port } = taken.address() as { port: number };
      const broker = createEmbeddedBroker({ host: '127.0.0.1', port, ...QUIET });
      await assert.rejects(broker.start(), (error: unknown) => {
        assert.ok(error instanceof RipeError);
        assert.equal(error.code, 'RIPE_PORT_IN_USE');
        assert.deepEqual(error.params, { port, setting: 'RIPE_MQTT_PORT' });
        return true;
      });
      taken.close();
    });

    it('starts again on the same port, with a new login', async () => {
      const first = createEmbeddedBroker({ host: '127.0.0.1', port: 0, ...QUIET });
      const { port } = await first.start();
      const login = first.credentials;
      await first.stop();
      await first.stop();
      const second = createEmbeddedBroker({ host: '127.0.0.1', port, ...QUIET });
      assert.deepEqual(await second.start(), { port });
      assert.notDeepEqual(second.credentials, login);
      await second.stop();
      await first.start();
      assert.notDeepEqual(first.credentials, login);
      await first.stop();
    });
  });

  const site = useEmbeddedBroker();

  it('stops at once, with clients and silent connections', async () => {
    const client = await site.client();
    const socket = await site.socket();
    const since = Date.now();
    await site.broker.stop();
    assert.ok(Date.now() - since < 4_000);
    await until(() => !client.connected && socket.destroyed);
  });

  for (const qos of [0, 1, 2] as const) {
    it(`passes readings and commands on with QoS ${qos}`, async () => {
      const ripe = await site.ripe();
      await ripe.subscribeAsync('sensor/data/+/+', { qos: 2 });
      const sensor = await site.client();
      await sensor.subscribeAsync('sensor/cmd/1/KEY1', { qos: 2 });
      const readings = collect(ripe);
      const commands = collect(sensor);
      await sensor.publishAsync('sensor/data/1/KEY1', '{}', { qos });
      await ripe.publishAsync('sensor/cmd/1/KEY1', '\x01', { qos });
      await until(() => readings.length === 1 && commands.length === 1);
      assert.deepEqual(readings, [{ topic: 'sensor/data/1/KEY1', text: '{}', qos, retain: false }]);
      assert.deepEqual(commands, [{ topic: 'sensor/cmd/1/KEY1', text: '\x01', qos, retain: false }]);
    });
  }

  for (const clean of [true, false]) {
    it(`gives the retained vector to a late subscriber, clean session ${clean}`, async () => {
      const ripe = await site.ripe();
      await ripe.publishAsync('sensor/cmd/1/KEY1', '\x01\x00', { qos: 2, retain: true });
      const sensor = await site.client({ clean, clientId: 'late' });
      const commands = collect(sensor);
      await sensor.subscribeAsync('sensor/cmd/1/KEY1', { qos: 2 });
      await until(() => commands.length === 1);
      assert.deepEqual(commands, [{ topic: 'sensor/cmd/1/KEY1', text: '\x01\x00', qos: 2, retain: true }]);
      await quietly();
      assert.equal(sensor.connected, true);
    });
  }

  it('forgets a retained vector when an empty one comes', async () => {
    const ripe = await site.ripe();
    await ripe.publishAsync('sensor/cmd/1/KEY1', '\x01', { qos: 2, retain: true });
    await ripe.publishAsync('sensor/cmd/1/KEY1', '', { qos: 2, retain: true });
    const all = collect(ripe);
    await ripe.subscribeAsync('sensor/cmd/+/+', { qos: 2 });
    await quietly();
    assert.deepEqual(all, []);
  });

  it("publishes RIPE's will", async () => {
    const ripe = await site.ripe({ will: { topic: 'ripe/master', payload: Buffer.from('master'), qos: 2 } });
    const sensor = await site.client();
    await sensor.subscribeAsync('ripe/master', { qos: 2 });
    const received = collect(sensor);
    ripe.stream.destroy();
    await until(() => received.length === 1);
    assert.deepEqual(received, [{ topic: 'ripe/master', text: 'master', qos: 2, retain: false }]);
  });

  it("refuses RIPE's user name with a wrong password, and RIPE's client id to others", async () => {
    const { username } = site.broker.credentials;
    assert.equal(await loginCode(site.port, { username, password: 'guess', clientId: 'x' }), 4);
    assert.equal(await loginCode(site.port, { username, clientId: 'y' }), 4);
    const ripe = await site.ripe({ clientId: 'backend' });
    assert.equal(await loginCode(site.port, { clientId: 'backend' }), 2);
    assert.equal(ripe.connected, true);
    const refused = site.events.filter((event) => event.type === 'refused');
    assert.deepEqual(
      refused.map(({ client, reason }) => [client, reason]),
      [
        ['x', 'wrong password'],
        ['y', 'wrong password'],
        ['backend', 'this client id belongs to RIPE'],
      ],
    );
  });

  it('says who comes and goes', async () => {
    const sensor = await site.client({ clientId: 'WaterSensor_1\n' });
    await sensor.endAsync();
    await until(() => site.events.length === 2);
    assert.deepEqual(site.events, [
      { type: 'connected', client: 'WaterSensor_1?', address: '127.0.0.1' },
      { type: 'disconnected', client: 'WaterSensor_1?', address: '127.0.0.1' },
    ]);
  });
});
