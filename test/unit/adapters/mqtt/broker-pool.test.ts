import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, Socket } from 'node:net';
import { type BrokerPool, createBrokerPool } from '../../../../src/adapters/mqtt/broker-pool.ts';
import { BrokerError } from '../../../../src/adapters/mqtt/link/broker-error.ts';
import { freePort } from '../../../support/free-port.ts';
import { quietly, until, useEmbeddedBroker } from '../embedded-broker/embedded-broker-support.test.ts';
import { definition, PoolRecord } from './broker-pool-support.test.ts';

describe('broker pool', () => {
  const site = useEmbeddedBroker();
  const other = useEmbeddedBroker();
  let record: PoolRecord;
  let pool: BrokerPool;

  beforeEach(() => {
    record = new PoolRecord();
  });
  afterEach(() => pool.stop());

  const here = (protocol: '3.1.1' | 'auto' | '5' = '3.1.1') =>
    definition('here', () => ({ ...site.broker.credentials, port: site.port }), protocol);
  const there = () => definition('there', () => ({ ...other.broker.credentials, port: other.port }));
  const nowhere = () => definition('nowhere', () => ({ port: 1 }));

  function start(...[brokers, options]: Parameters<PoolRecord['options']>): void {
    pool = createBrokerPool(record.options(brokers, options));
    pool.start();
  }

  it('is in service once it has subscribed, and passes messages on', async () => {
    start([here()]);
    assert.deepEqual(record.log, []);
    await until(() => record.log.includes('connected here'));
    assert.equal(pool.inService[0]?.name, 'here');
    const sensor = await site.client();
    await sensor.publishAsync('sensor/data/1/KEY1', '{}', { qos: 2 });
    await until(() => record.messages.length === 1);
    const payload = Buffer.from('{}');
    assert.deepEqual(record.messages, [
      { topic: 'sensor/data/1/KEY1', payload, qos: 2, retain: false, broker: 'here' },
    ]);
  });

  it('has no packet wait for the acknowledgement of another [RFC 896]', async () => {
    const { setNoDelay } = Socket.prototype;
    const ports: (number | undefined)[] = [];
    Socket.prototype.setNoDelay = function (this: Socket, isOn = true) {
      if (isOn) ports.push(this.remotePort);
      return setNoDelay.call(this, isOn);
    };
    try {
      start([here()]);
      await until(() => pool.inService.length > 0);
    } finally {
      Socket.prototype.setNoDelay = setNoDelay;
    }
    assert.ok(ports.includes(site.port));
  });

  it('is not in service while the broker has not acknowledged its subscriptions (protocol §8 FIX)', async () => {
    const slow = await slowToSubscribe();
    start([definition('slow', () => ({ port: slow.port }))]);
    await until(slow.isAsked);
    await quietly();
    assert.deepEqual([pool.inService, record.log], [[], []]);
    slow.acknowledge();
    await until(() => pool.inService[0]?.name === 'slow');
    assert.deepEqual(record.log, ['connected slow']);
  });

  it('falls back to MQTT 3.1.1 and remembers it', async () => {
    start([here('auto')]);
    await until(() => pool.inService.length > 0);
    const versionRefused = () => site.events.filter(({ type }) => type === 'refused').length;
    assert.equal(versionRefused(), 1);
    site.events.length = 0;
    const thief = await site.ripe({ clientId: 'ripe-pool' });
    thief.end(true);
    await until(() => record.log.at(-1) === 'connected here' && record.log.length === 3);
    assert.equal(versionRefused(), 0);
    assert.deepEqual(record.log, ['connected here', 'disconnected here closed', 'connected here']);
  });

  it('does not fall back when MQTT 5 is asked for', async () => {
    start([here('5')]);
    await until(() => record.log.includes('failed here protocol'));
  });

  it('takes the next broker when one does not answer, and when one is lost', async () => {
    start([nowhere(), here(), there()]);
    await until(() => pool.inService[0]?.name === 'here');
    await site.broker.stop();
    await until(() => pool.inService[0]?.name === 'there');
    await other.broker.stop();
    await until(() => record.log.includes('disconnected there closed'));
    assert.deepEqual(
      record.log.filter((line) => !line.startsWith('failed')),
      ['connected here', 'disconnected here closed', 'connected there', 'disconnected there closed'],
    );
    assert.equal(record.log[0], 'failed nowhere refused');
    assert.deepEqual(pool.inService, []);
  });

  it('waits for a broker that is not available yet', async () => {
    let isReady = false;
    const late = definition('late', () => (isReady ? { ...site.broker.credentials, port: site.port } : null));
    start([late]);
    await until(() => record.log.length === 2);
    isReady = true;
    await until(() => pool.inService.length > 0);
  });

  it('publishes with each QoS, and rejects when it does not run', async () => {
    const message = { topic: 'sensor/cmd/1/KEY1', payload: '\x01', qos: 2, retain: true } as const;
    start([here()]);
    await assert.rejects(pool.publish(message, false), { kind: 'closed' });
    await until(() => pool.inService.length > 0);
    for (const qos of [0, 1, 2] as const) await pool.publish({ ...message, qos, expiry: 60 });
    await pool.stop();
    await assert.rejects(pool.publish(message), { kind: 'closed' });
  });

  it('rejects what no broker would take, and stays connected', async () => {
    start([here()]);
    await until(() => pool.inService.length > 0);
    for (const topic of ['', 'a/+', 'a/#', 'x'.repeat(70_000)]) {
      await assert.rejects(pool.publish({ topic, payload: 'x', qos: 1, retain: false }), BrokerError);
    }
    await quietly();
    assert.deepEqual(record.log, ['connected here']);
  });

  it('subscribes again to what was added meanwhile, at the next broker', async () => {
    start([here(), there()]);
    await pool.subscribe([{ topic: 'early', qos: 1 }]);
    await until(() => pool.inService.length > 0);
    await pool.subscribe([{ topic: 'late', qos: 1 }]);
    await pool.unsubscribe(['sensor/data/+/+']);
    await site.broker.stop();
    await until(() => pool.inService[0]?.name === 'there');
    for (const topic of ['early', 'late', 'sensor/data/1/KEY1']) {
      await pool.publish({ topic, payload: 'x', qos: 1, retain: false });
    }
    await quietly();
    assert.deepEqual(record.messages.map(({ topic }) => topic).sort(), ['early', 'late']);
  });

  it('forgets a topic that the broker refuses', async () => {
    const sensor = definition('sensor', () => ({ username: 'u', password: 'p', port: site.port }));
    start([sensor], { subscriptions: [{ topic: 'ripe/master', qos: 1 }] });
    await until(() => pool.inService.length > 0);
    await assert.rejects(pool.subscribe([{ topic: 'sensor/data/+/+', qos: 1 }]), { kind: 'refused' });
    const thief = await site.client({ clientId: 'ripe-pool' });
    thief.end(true);
    await until(() => record.log.length === 3);
    assert.equal(record.log.at(-1), 'connected sensor');
  });

  it('stops in the middle of an attempt, of a wait, and twice', async () => {
    const silent = createServer((socket) => socket.resume()).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    for (const port of [(silent.address() as { port: number }).port, await freePort()]) {
      start([definition('x', () => ({ port }))], { retryMs: 5_000 });
      await quietly();
      const since = Date.now();
      await pool.stop();
      await pool.stop();
      // Shorter than an attempt may take, and than the wait after it.
      assert.ok(Date.now() - since < 1_500);
    }
    silent.close();
  });

  it('can be started again', async () => {
    start([here()]);
    await until(() => pool.inService.length > 0);
    await pool.stop();
    pool.start();
    await until(() => pool.inService.length > 0);
    assert.deepEqual(record.log, ['connected here', 'connected here']);
  });
});

/** A broker that accepts whoever comes, and acknowledges a subscription when it is told to. */
async function slowToSubscribe() {
  const CONNACK = Buffer.from([0x20, 2, 0, 0]);
  let packetId: Buffer | null = null;
  let peer: Socket | null = null;
  const server = createServer((socket) => {
    peer = socket;
    socket.on('error', () => undefined);
    socket.on('data', (packet) => {
      const type = (packet[0] ?? 0) >> 4;
      if (type === 1) socket.write(CONNACK);
      if (type === 8) packetId = packet.subarray(2, 4);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    isAsked: () => packetId !== null,
    /** With QoS 2; nobody else connects. */
    acknowledge: () => {
      server.close();
      peer?.write(Buffer.concat([Buffer.from([0x90, 3]), packetId ?? Buffer.alloc(2), Buffer.from([2])]));
    },
  };
}
