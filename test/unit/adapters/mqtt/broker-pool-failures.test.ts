import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { type BrokerPool, createBrokerPool } from '../../../../src/adapters/mqtt/broker-pool.ts';
import { quietly, until, useEmbeddedBroker } from '../embedded-broker/embedded-broker-support.test.ts';
import { definition, PoolRecord } from './broker-pool-support.test.ts';

describe('broker pool, failures', () => {
  const site = useEmbeddedBroker();
  let record: PoolRecord;
  let pool: BrokerPool;

  beforeEach(() => {
    record = new PoolRecord();
  });
  afterEach(() => pool.stop());

  function start(...[brokers, options]: Parameters<PoolRecord['options']>): void {
    pool = createBrokerPool(record.options(brokers, options));
    pool.start();
  }

  it('says why an attempt has failed', async () => {
    const silent = createServer((socket) => socket.resume()).listen(0, '127.0.0.1');
    const closing = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    await Promise.all([once(silent, 'listening'), once(closing, 'listening')]);
    const portOf = (server: typeof silent) => (server.address() as { port: number }).port;
    const { username } = site.broker.credentials;
    start(
      [
        definition('taken', () => ({ port: portOf(silent) })),
        definition('shut', () => ({ port: portOf(closing) })),
        definition('login', () => ({ username, password: 'sesame', port: site.port })),
        definition('plain', () => ({ scheme: 'mqtts', port: site.port })),
      ],
      { connectTimeoutMs: 200 },
    );
    await until(() => record.log.length >= 4);
    assert.deepEqual(record.log.slice(0, 4).sort(), [
      'failed login credentials',
      'failed plain closed',
      'failed shut closed',
      'failed taken timeout',
    ]);
    assert.doesNotMatch(record.reasons.join(), /sesame/);
    silent.close();
    closing.close();
  });

  it('lets what is not acknowledged wait when the connection is lost, unless it may not wait', async () => {
    const sockets: Socket[] = [];
    // Accepts everything and acknowledges no publish.
    const mute = createServer((socket) => {
      sockets.push(socket);
      socket.once('data', () => {
        socket.write(Buffer.from('20020000', 'hex'));
        socket.once('data', (chunk) => {
          socket.write(Buffer.from([0x90, 3, chunk[2] ?? 0, chunk[3] ?? 0, 2]));
          socket.resume();
        });
      });
    }).listen(0, '127.0.0.1');
    await once(mute, 'listening');
    start([definition('mute', () => ({ port: (mute.address() as { port: number }).port }))]);
    await until(() => pool.inService.length > 0);
    const publish = (qos: 1 | 2, mayWait: boolean) =>
      pool.publish({ topic: 'a', payload: 'x', qos, retain: false }, mayWait);
    const impatient = ([1, 2] as const).map((qos) => publish(qos, false));
    const patient = publish(2, true);
    const subscribes = [pool.subscribe([{ topic: 'b', qos: 1 }]), pool.unsubscribe(['c'])];
    await quietly();
    for (const socket of sockets) socket.destroy();
    mute.close();
    for (const waiting of [...impatient, ...subscribes]) await assert.rejects(waiting, { kind: 'closed' });
    assert.equal(await Promise.race([patient.then(() => 'sent'), quietly().then(() => 'waits')]), 'waits');
    const isGivenUp = assert.rejects(patient, { kind: 'closed' });
    await pool.stop();
    await isGivenUp;
  });
});
