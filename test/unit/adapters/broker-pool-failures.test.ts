import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { type BrokerPool, createBrokerPool } from '../../../src/adapters/mqtt/broker-pool.ts';
import { definition, PoolRecord } from './broker-pool-support.test.ts';
import { quietly, until, useEmbeddedBroker } from './embedded-broker-support.test.ts';

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
    assert.deepEqual(record.log.slice(0, 4), [
      'failed taken timeout',
      'failed shut closed',
      'failed login credentials',
      'failed plain closed',
    ]);
    assert.doesNotMatch(record.reasons.join(), /sesame/);
    silent.close();
    closing.close();
  });

  it('rejects what is not acknowledged when the connection is lost', async () => {
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
    await until(() => pool.current !== null);
    const publishes = ([1, 2] as const).map((qos) =>
      pool.publish({ topic: 'a', payload: 'x', qos, retain: false }),
    );
    const subscribes = [pool.subscribe([{ topic: 'b', qos: 1 }]), pool.unsubscribe(['c'])];
    await quietly();
    for (const socket of sockets) socket.destroy();
    mute.close();
    for (const waiting of [...publishes, ...subscribes]) await assert.rejects(waiting, { kind: 'closed' });
  });
});
