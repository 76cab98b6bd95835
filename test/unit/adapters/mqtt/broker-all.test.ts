import assert from 'node:assert/strict';
import { connectAsync, type MqttClient } from 'mqtt';
import { type BrokerPool, createBrokerPool } from '../../../../src/adapters/mqtt/broker-pool.ts';
import { type Mosquitto, useMosquitto } from '../../../support/mosquitto.ts';
import { useTcpProxy } from '../../../support/tcp-proxy.ts';
import { collect, quietly, until } from '../embedded-broker/embedded-broker-support.test.ts';
import { definition, PoolRecord } from './broker-pool-support.test.ts';

describe('broker pool in all mode', () => {
  const [one, two] = [useMosquitto(), useMosquitto()];
  const [first, second] = [useTcpProxy(() => one.port), useTcpProxy(() => two.port)];
  let record: PoolRecord;
  let pool: BrokerPool;
  let clients: MqttClient[];

  beforeEach(async () => {
    record = new PoolRecord();
    clients = [];
    pool = createBrokerPool(record.options(brokers(), { mode: 'all', keepAliveSeconds: 1 }));
    pool.start();
    await until(() => pool.inService.length === 2);
  });
  afterEach(async () => {
    await pool.stop();
    for (const client of clients) await client.endAsync(true);
  });

  const brokers = () => [
    definition('first', () => ({ port: first.port }), 'auto'),
    definition('second', () => ({ port: second.port }), 'auto'),
  ];

  async function client({ port }: Mosquitto): Promise<MqttClient> {
    const made = await connectAsync({ host: '127.0.0.1', port, protocol: 'mqtt' });
    clients.push(made);
    return made;
  }

  it('passes a reading on once, by whichever brokers it comes', async () => {
    const [left, right] = [await client(one), await client(two)];
    await left.publishAsync('sensor/data/1/KEY1', 'both', { qos: 2 });
    await right.publishAsync('sensor/data/1/KEY1', 'both', { qos: 1 });
    await right.publishAsync('sensor/data/1/KEY1', 'right', { qos: 1 });
    await until(() => record.messages.length === 2);
    await quietly();
    assert.deepEqual(record.messages.map(({ payload }) => payload.toString()).sort(), ['both', 'right']);
  });

  it('publishes to all, and has delivered when one has it', async () => {
    const heard = [collect(await listener(one)), collect(await listener(two))];
    await pool.publish({ topic: 'sensor/cmd/1/KEY1', payload: 'on', qos: 2, retain: false });
    await until(() => heard.every(({ length }) => length === 1));
    first.freeze();
    await pool.publish({ topic: 'sensor/cmd/1/KEY1', payload: 'off', qos: 2, retain: false });
    await until(() => heard[1]?.length === 2);
  });

  it('goes on without a gap when one dies, and brings it up to date when it is back', async () => {
    const vector = { topic: 'sensor/cmd/3/KEY3', qos: 2, retain: true } as const;
    await pool.publish({ ...vector, payload: 'on' });
    await first.close();
    await until(() => pool.inService.length === 1);
    await pool.publish({ ...vector, payload: 'off' });
    const sensor = await client(two);
    await sensor.publishAsync('sensor/data/1/KEY1', '{}', { qos: 2 });
    await until(() => record.messages.length === 1);
    record.log.length = 0;
    const device = await listener(one, vector.topic);
    const heard = collect(device);
    await first.listen();
    await until(() => pool.inService.length === 2 && heard.some(({ text }) => text === 'off'));
    assert.deepEqual(
      record.log.filter((line) => line.startsWith('connected')),
      ['connected first, restored'],
    );
  });

  it('says farewell where it leaves because of another list', async () => {
    const heard = collect(await listener(two, 'ripe/master'));
    pool.use(brokers().slice(0, 1));
    await until(() => pool.inService.length === 1 && heard.length === 1);
    assert.equal(heard[0]?.text, 'master');
    await quietly();
    assert.equal(heard.length, 1);
    pool.use(brokers());
    await until(() => pool.inService.length === 2);
  });

  async function listener(broker: Mosquitto, topic = 'sensor/cmd/1/KEY1'): Promise<MqttClient> {
    const made = await client(broker);
    await made.subscribeAsync(topic, { qos: 2 });
    return made;
  }
});
