import assert from 'node:assert/strict';
import { connectAsync } from 'mqtt';
import type { KeyCheck } from '../../../../src/adapters/embedded-broker/key-check.ts';
import { collect, quietly, until, useEmbeddedBroker } from './embedded-broker-support.test.ts';

describe('embedded broker, what a client may do', () => {
  const valid = new Map([
    [1, 'KEY1'],
    [2, 'KEY2'],
  ]);
  const keys: KeyCheck = { check: (sensor, key) => valid.get(sensor) === key };
  let time = 0;
  const site = useEmbeddedBroker({ keys, clock: { now: () => time } });
  const refusals = () => site.events.filter((event) => event.type === 'refused');

  async function granted(topics: string[]): Promise<number[]> {
    const client = await site.client();
    const map = Object.fromEntries(topics.map((topic) => [topic, { qos: 1 as const }]));
    return new Promise((resolve) => {
      client.subscribe(map, (_error, _grants, packet) => resolve((packet?.granted ?? []).map(Number)));
    });
  }

  it('grants its own topics and refuses the others of the same SUBSCRIBE', async () => {
    const topics = [
      'sensor/cmd/1/KEY1',
      'sensor/data/1/KEY1',
      'sensor/log/1/KEY1',
      'ripe/master',
      'sensor/cmd/1/WRONG',
      'sensor/cmd/2/KEY1',
      'sensor/cmd/1',
      'sensor/cmd/+/+',
      'sensor/cmd/1/+',
      '#',
      '$SYS/#',
      '$ripe/dropped',
      'other',
    ];
    assert.deepEqual(await granted(topics), [1, 1, 1, 1, 128, 128, 128, 128, 128, 128, 128, 128, 128]);
  });

  it('lets RIPE do everything', async () => {
    const ripe = await site.ripe();
    const received = collect(ripe);
    await ripe.subscribeAsync('#', { qos: 2 });
    await ripe.publishAsync('any/thing', 'x', { qos: 1 });
    await until(() => received.length === 1);
  });

  it('acknowledges what goes nowhere, and keeps the connection', async () => {
    const ripe = await site.ripe();
    await ripe.subscribeAsync('#', { qos: 2 });
    const received = collect(ripe);
    const sensor = await site.client({ clientId: 'wild' });
    await sensor.subscribeAsync('sensor/cmd/1/KEY1', { qos: 2 });
    const commands = collect(sensor);
    for (const qos of [0, 1, 2] as const) {
      await sensor.publishAsync('sensor/cmd/1/KEY1', 'x', { qos });
      await sensor.publishAsync('ripe/master', 'master', { qos, retain: true });
      await sensor.publishAsync('sensor/data/1', 'x', { qos });
      await sensor.publishAsync('$SYS/x', 'x', { qos });
    }
    await quietly();
    assert.deepEqual(received, []);
    assert.deepEqual(commands, []);
    assert.equal(sensor.connected, true);
    assert.deepEqual(refusals(), [
      { type: 'refused', client: 'wild', address: '127.0.0.1', reason: 'publish to sensor/cmd/1' },
    ]);
  });

  it('lets readings with a wrong key through to RIPE only, and reports them', async () => {
    const ripe = await site.ripe();
    await ripe.subscribeAsync('sensor/data/+/+', { qos: 2 });
    const received = collect(ripe);
    const app = await site.client();
    await app.subscribeAsync('sensor/data/1/KEY1');
    const seen = collect(app);
    const sensor = await site.client({ clientId: 'forgetful' });
    await sensor.publishAsync('sensor/data/1/WRONG', 'x', { qos: 2 });
    await until(() => received.length === 1);
    await quietly();
    assert.deepEqual(seen, []);
    assert.deepEqual(refusals(), [
      { type: 'refused', client: 'forgetful', address: '127.0.0.1', reason: 'publish to sensor/data/1' },
    ]);
  });

  it('reports a client once a minute', async () => {
    const sensor = await site.client({ clientId: 'loud' });
    const publish = () => sensor.publishAsync('else/where', 'x', { qos: 1 });
    await publish();
    await publish();
    assert.equal(refusals().length, 1);
    time += 60_000;
    await publish();
    assert.equal(refusals().length, 2);
    time += 600_000;
  });

  it('keeps nothing retained of a client', async () => {
    const sensor = await site.client();
    await sensor.publishAsync('sensor/data/1/KEY1', 'x', { qos: 1, retain: true });
    const ripe = await site.ripe();
    const received = collect(ripe);
    await ripe.subscribeAsync('#', { qos: 2 });
    await quietly();
    assert.deepEqual(received, []);
  });

  it('treats wills like any other message', async () => {
    const ripe = await site.ripe();
    await ripe.subscribeAsync('#', { qos: 2 });
    const received = collect(ripe);
    for (const topic of ['ripe/master', 'sensor/log/1/KEY1']) {
      const will = { topic, payload: Buffer.from('gone'), qos: 1 as const, retain: true };
      (await site.client({ will })).stream.destroy();
    }
    await until(() => received.length === 1);
    await quietly();
    assert.deepEqual(received, [{ topic: 'sensor/log/1/KEY1', text: 'gone', qos: 1, retain: false }]);
  });

  it('sends nothing more once the key is no longer right', async () => {
    const ripe = await site.ripe();
    const sensor = await site.client();
    await sensor.subscribeAsync('sensor/cmd/2/KEY2', { qos: 2 });
    const commands = collect(sensor);
    valid.delete(2);
    await ripe.publishAsync('sensor/cmd/2/KEY2', 'x', { qos: 2 });
    await quietly();
    valid.set(2, 'KEY2');
    assert.deepEqual(commands, []);
  });

  it('never tells a key or a password', async () => {
    const sensor = await site.client({ username: 'u', password: 'KEY-PASSWORD', clientId: 'tell' });
    await sensor.subscribeAsync('sensor/cmd/1/SOMEKEY').catch(() => undefined);
    await sensor.publishAsync('sensor/cmd/1/KEY1/KEY1', 'x', { qos: 1 });
    time += 600_000;
    await sensor.publishAsync('KEY1', 'x', { qos: 1 });
    const { username } = site.broker.credentials;
    await connectAsync({
      host: '127.0.0.1',
      port: site.port,
      username,
      password: 'KEYS',
      reconnectPeriod: 0,
    }).catch(() => undefined);
    assert.ok(refusals().length >= 2);
    assert.doesNotMatch(JSON.stringify([site.events, site.lines]), /KEY/);
  });
});
