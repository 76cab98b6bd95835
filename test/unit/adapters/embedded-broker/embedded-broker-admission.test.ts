import assert from 'node:assert/strict';
import { collect, until, useEmbeddedBroker } from './embedded-broker-support.test.ts';

describe('an embedded broker that waits for RIPE', () => {
  const site = useEmbeddedBroker({ waitForRipeMs: 60_000 });

  it('lets clients in when RIPE has subscribed, so that no reading of theirs gets lost', async () => {
    let isIn = false;
    const sensor = site.client().then(async (client) => {
      isIn = true;
      await client.publishAsync('sensor/data/1/KEY1', 'first', { qos: 1 });
    });
    const ripe = await site.ripe();
    const readings = collect(ripe);
    assert.equal(isIn, false);
    await ripe.subscribeAsync('sensor/data/+/+', { qos: 2 });
    await sensor;
    await until(() => readings.length === 1);
    assert.equal(readings[0]?.text, 'first');
  });
});

describe('an embedded broker for which no RIPE comes', () => {
  const site = useEmbeddedBroker({ waitForRipeMs: 50 });

  it('lets clients in after a while', async () => {
    assert.ok((await site.client()).connected);
  });
});
