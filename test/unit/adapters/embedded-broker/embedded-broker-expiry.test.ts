import assert from 'node:assert/strict';
import { connect } from 'mqtt';
import { expiringTopic, parseExpiringTopic } from '../../../../src/adapters/mqtt/link/expiring-topic.ts';
import { collect, LOGIN, quietly, until, useEmbeddedBroker } from './embedded-broker-support.test.ts';

const VECTOR = 'sensor/cmd/1/KEY1';

describe('embedded broker, what expires', () => {
  let time = 0;
  const site = useEmbeddedBroker({ clock: { now: () => time } });
  const expiring = (seconds: number, topic = VECTOR) => expiringTopic({ topic, seconds });

  async function lateSubscriber(): Promise<string[]> {
    const sensor = await site.client();
    const received = collect(sensor);
    await sensor.subscribeAsync(VECTOR, { qos: 2 });
    await quietly();
    return received.map(({ text }) => text);
  }

  for (const qos of [1, 2] as const) {
    it(`drops a retained vector of QoS ${qos} after its time`, async () => {
      const ripe = await site.ripe();
      await ripe.publishAsync(expiring(65), '\x01', { qos, retain: true });
      time += 64_999;
      assert.deepEqual(await lateSubscriber(), ['\x01']);
      time += 1;
      assert.deepEqual(await lateSubscriber(), []);
    });
  }

  it('passes it on at once, under its real topic', async () => {
    const sensor = await site.client();
    const received = collect(sensor);
    await sensor.subscribeAsync(VECTOR, { qos: 2 });
    const ripe = await site.ripe();
    await ripe.publishAsync(expiring(1), '\x01', { qos: 2, retain: true });
    await until(() => received.length === 1);
    assert.deepEqual(received, [{ topic: VECTOR, text: '\x01', qos: 2, retain: false }]);
  });

  it('keeps the vector that came after it', async () => {
    const ripe = await site.ripe();
    await ripe.publishAsync(expiring(1), '\x01', { qos: 2, retain: true });
    await ripe.publishAsync(VECTOR, '\x00', { qos: 2, retain: true });
    time += 3_600_000;
    assert.deepEqual(await lateSubscriber(), ['\x00']);
  });

  it('does not keep it for a sleeping session either', async () => {
    const options = { clean: false, clientId: 'sleeper' };
    const sensor = await site.client(options);
    await sensor.subscribeAsync(VECTOR, { qos: 1 });
    await sensor.endAsync();
    const ripe = await site.ripe();
    await ripe.publishAsync(expiring(10), 'old', { qos: 1 });
    await ripe.publishAsync(expiring(100), 'still good', { qos: 1 });
    time += 10_000;
    const received: string[] = [];
    const again = connect(`mqtt://127.0.0.1:${site.port}`, { ...options, ...LOGIN, reconnectPeriod: 0 });
    again.on('message', (_topic, payload) => received.push(payload.toString()));
    await until(() => received.length > 0);
    await quietly();
    await again.endAsync();
    assert.deepEqual(received, ['still good']);
  });

  it('takes the word of nobody but RIPE for it', async () => {
    const ripe = await site.ripe();
    const all = collect(ripe);
    await ripe.subscribeAsync(['#', '$ripe/#'], { qos: 2 });
    const sensor = await site.client();
    await sensor.publishAsync(expiring(9, 'sensor/data/1/KEY1'), '{}', { qos: 1 });
    await quietly();
    assert.deepEqual(
      all.map(({ text }) => text),
      [''],
    );
  });
});

describe('A topic that says when its message expires', () => {
  it('is read as it was written', () => {
    const written = { topic: 'sensor/cmd/7/a', seconds: 65 };
    assert.deepEqual(parseExpiringTopic(expiringTopic(written)), written);
  });

  for (const topic of [
    'sensor/cmd/7/a',
    '$ripe/expires/',
    '$ripe/expires/x/y',
    '$ripe/expires/1/',
    '$ripe/dropped',
  ]) {
    it(`is none where it says '${topic}'`, () => assert.equal(parseExpiringTopic(topic), null));
  }
});
