import assert from 'node:assert/strict';
import type { MqttClient } from 'mqtt';
import { connectAsync } from 'mqtt';
import {
  type BrokerPool,
  type BrokerPoolOptions,
  createBrokerPool,
} from '../../../../src/adapters/mqtt/broker-pool.ts';
import { type Mosquitto, useMosquitto } from '../../../support/mosquitto.ts';
import { useTcpProxy } from '../../../support/tcp-proxy.ts';
import { collect, quietly, until } from '../embedded-broker/embedded-broker-support.test.ts';
import { definition, PoolRecord } from './broker-pool-support.test.ts';

describe('broker pool in failover mode', () => {
  const [one, two] = [useMosquitto(), useMosquitto()];
  const [first, second] = [useTcpProxy(() => one.port), useTcpProxy(() => two.port)];
  let record: PoolRecord;
  let pool: BrokerPool;
  let clients: MqttClient[];

  beforeEach(() => {
    record = new PoolRecord();
    clients = [];
  });
  afterEach(async () => {
    await pool.stop();
    for (const client of clients) await client.endAsync(true);
  });

  const brokers = () => [
    definition('first', () => ({ port: first.port }), 'auto'),
    definition('second', () => ({ port: second.port }), 'auto'),
  ];

  async function start(changes: Partial<BrokerPoolOptions> = {}): Promise<void> {
    // However slow the first one is to answer, it is waited for.
    pool = createBrokerPool(record.options(brokers(), { staggerMs: 8_000, ...changes }));
    pool.start();
    await serves('first');
  }

  const serves = (name: string) => until(() => pool.inService[0]?.name === name, 8_000);
  const connected = () => record.log.filter((line) => line.startsWith('connected'));

  async function client({ port }: Mosquitto): Promise<MqttClient> {
    const made = await connectAsync({ host: '127.0.0.1', port, protocol: 'mqtt' });
    clients.push(made);
    return made;
  }

  it('takes the next broker at once, and comes back to the first when that has been steady', async () => {
    await start({ failBackMs: 300, quietMs: 100 });
    await first.close();
    await serves('second');
    await quietly();
    assert.deepEqual(
      pool.inService.map(({ name }) => name),
      ['second'],
    );
    await first.listen();
    const since = Date.now();
    await serves('first');
    assert.ok(Date.now() - since >= 300, 'it has been steady');
    assert.deepEqual(connected(), ['connected first', 'connected second', 'connected first']);
  });

  it('does not come back to a broker that is not steady', async () => {
    // Longer than this process may ever stand still between a connection and its cut.
    await start({ failBackMs: 2_000, quietMs: 100 });
    await first.close();
    await serves('second');
    await first.listen();
    for (let n = 0; n < 4; n++) {
      const before = first.accepted;
      await until(() => first.accepted > before);
      await quietly();
      first.cut();
    }
    assert.equal(pool.inService[0]?.name, 'second');
    await serves('first');
  });

  it('serves the clients of a broker that it leaves until they have gone', async () => {
    await start({ failBackMs: 100, quietMs: 1_500, longestQuietMs: 2_000 });
    await first.close();
    await serves('second');
    const straggler = await client(two);
    await straggler.subscribeAsync(['ripe/master', 'sensor/cmd/1/KEY1'], { qos: 2 });
    const heard = collect(straggler);
    await first.listen();
    await serves('first');
    await until(() => heard.some(({ topic }) => topic === 'ripe/master'));
    assert.deepEqual(heard[0], { topic: 'ripe/master', text: 'master', qos: 2, retain: false });

    await pool.publish({ topic: 'sensor/cmd/1/KEY1', payload: 'on', qos: 2, retain: false });
    await straggler.publishAsync('sensor/data/1/KEY1', 'still here', { qos: 2 });
    await until(() => record.messages.length === 1 && heard.length === 2);
    assert.deepEqual([record.messages[0]?.broker, heard[1]?.text], ['second', 'on']);

    // Gone at last, and the farewell was no will: it comes once.
    const seen = await client(two);
    await until(() => second.open === 0);
    await seen.publishAsync('sensor/data/1/KEY1', 'nobody listens', { qos: 2 });
    await quietly();
    assert.deepEqual([record.messages.length, heard.filter(({ text }) => text === 'master').length], [1, 1]);
  });

  it('serves a silent sensor that has not heeded the farewell, until it was heard at the other broker', async () => {
    await start({ failBackMs: 100, quietMs: 100, longestQuietMs: 60_000 });
    await first.close();
    await serves('second');
    const silent = await client(two);
    await silent.subscribeAsync('sensor/cmd/1/KEY1', { qos: 2 });
    const heard = collect(silent);
    await silent.publishAsync('sensor/data/1/KEY1', 'here', { qos: 2 });
    await until(() => record.messages.length === 1);
    await first.listen();
    await serves('first');
    // Longer than anybody who has gone is waited for.
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    await pool.publish({ topic: 'sensor/cmd/1/KEY1', payload: 'on', qos: 2, retain: true });
    await until(() => heard.length === 1);

    await (await client(one)).publishAsync('sensor/data/1/KEY1', 'there', { qos: 2 });
    await until(() => record.messages.length === 2);
    await until(() => second.open === 0);
    await silent.publishAsync('sensor/data/1/KEY1', 'nobody listens', { qos: 2 });
    await quietly();
    assert.equal(record.messages.length, 2);
  });

  it('goes back at once to a broker that it is about to leave', async () => {
    await start({ failBackMs: 100, quietMs: 60_000 });
    await first.close();
    await serves('second');
    const before = second.accepted;
    await first.listen();
    await serves('first');
    await first.close();
    await serves('second');
    assert.equal(second.accepted, before, 'over the connection that there was');
  });

  it('gives a preferred broker that comes back the vectors before anybody is sent there', async () => {
    await start({ failBackMs: 60_000 });
    const vector = { topic: 'sensor/cmd/1/KEY1', qos: 2, retain: true } as const;
    await pool.publish({ ...vector, payload: 'on' });
    await first.close();
    await serves('second');
    await pool.publish({ ...vector, payload: 'off' });
    const device = await client(one);
    const heard = collect(device);
    await device.subscribeAsync(vector.topic, { qos: 2 });
    await until(() => heard.length === 1);
    await first.listen();
    await until(() => heard.length === 2);
    assert.deepEqual(
      heard.map(({ text }) => text),
      ['on', 'off'],
    );
    await device.publishAsync('sensor/data/1/KEY1', 'came by itself', { qos: 1 });
    await until(() => record.messages.length === 1);
    assert.equal(pool.inService[0]?.name, 'second');
    await device.publishAsync(vector.topic, '', { retain: true, qos: 1 });
  });

  it('leaves a frozen broker, also while it publishes', async () => {
    await start({ keepAliveSeconds: 1 });
    const chatter = setInterval(() => {
      pool.publish({ topic: 'chatter', payload: 'x', qos: 0, retain: false }).catch(() => undefined);
    }, 50);
    try {
      first.freeze();
      await serves('second');
    } finally {
      clearInterval(chatter);
    }
    assert.ok(record.log.includes('disconnected first timeout'));
  });

  it('does not wait for a broker that accepts and then hangs', async () => {
    first.freeze();
    pool = createBrokerPool(record.options(brokers(), { connectTimeoutMs: 30_000, staggerMs: 100 }));
    pool.start();
    await serves('second');
  });

  it('sends what was not acknowledged to the next broker', async () => {
    await start({ keepAliveSeconds: 1 });
    first.freeze();
    const published = pool.publish({ topic: 'sensor/cmd/2/KEY2', payload: 'on', qos: 2, retain: false });
    const device = await client(two);
    const heard = collect(device);
    await device.subscribeAsync('sensor/cmd/2/KEY2', { qos: 2 });
    await published;
    await until(() => heard.length === 1);
  });

  it('changes to another list without a gap, and keeps what stays in it', async () => {
    await start({ quietMs: 100 });
    const [kept, left] = [brokers()[0], brokers()[1]];
    assert.ok(kept !== undefined && left !== undefined);
    const before = first.accepted;
    pool.use([kept]);
    await quietly();
    assert.deepEqual([pool.inService[0]?.name, first.accepted], ['first', before]);
    pool.use([left]);
    await serves('second');
    assert.ok(!record.log.some((line) => line.startsWith('disconnected')));
  });
});
