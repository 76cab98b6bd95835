import assert from 'node:assert/strict';
import { connectAsync } from 'mqtt';
import { Lookout } from '../../../../src/adapters/mqtt/lookout.ts';
import { useMosquitto } from '../../../support/mosquitto.ts';
import { useTcpProxy } from '../../../support/tcp-proxy.ts';
import { quietly, until } from '../../../support/until.ts';
import { definition } from './broker-pool-support.test.ts';

const EVERY_MS = 200;

describe('a look at brokers that the pool is not at', () => {
  const there = useMosquitto();
  const proxy = useTcpProxy(() => there.port);
  let seen: string[];
  let lookout: Lookout;

  beforeEach(() => {
    seen = [];
    lookout = new Lookout({
      topic: 'ripe/epoch',
      everyMs: EVERY_MS,
      brokers: () => [
        definition('nobody', () => ({ port: 1 })),
        definition('unknown', () => null),
        definition('there', () => ({ port: proxy.port }), 'auto'),
      ],
      seen: (payload, broker) => seen.push(`${broker} ${payload}`),
    });
  });
  afterEach(() => lookout.stop());

  it('sees what they retain, again and again, and leaves no connection and no will behind', async () => {
    const client = await connectAsync({ host: '127.0.0.1', port: there.port, protocol: 'mqtt' });
    const wills: string[] = [];
    client.on('message', (topic) => wills.push(topic));
    await client.subscribeAsync('ripe/master');
    await client.publishAsync('ripe/epoch', 'one', { qos: 1, retain: true });
    lookout.look();
    await until(() => seen.length === 1);
    await client.publishAsync('ripe/epoch', 'two', { qos: 1, retain: true });
    await until(() => seen.includes('there two'));
    assert.equal(seen[0], 'there one');
    lookout.stop();
    // What was on its way when it was stopped arrives.
    await quietly();
    const { accepted } = proxy;
    const before = seen.length;
    await quietly(2 * EVERY_MS);
    assert.deepEqual([proxy.accepted, seen.length, wills], [accepted, before, []]);
    await client.endAsync();
  });

  it('ends at once when it is stopped in the midst of it', async () => {
    lookout.look();
    await until(() => proxy.accepted > 0);
    lookout.stop();
    await quietly();
    assert.deepEqual(seen, []);
  });
});
