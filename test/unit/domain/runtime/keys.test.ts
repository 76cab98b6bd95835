import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { GardenHarness } from '../../../support/garden-harness.ts';

interface NewKey {
  readonly id: number;
  readonly key: string;
  readonly former_key_until: string;
}

async function watered(): Promise<GardenHarness> {
  const garden = await GardenHarness.start();
  await garden.addSensor('Fern');
  await garden.addAgent(1, '01_Water');
  return garden;
}

const changeKey = async (garden: GardenHarness, body: object = {}) =>
  (await garden.ask('changeKey', { sensor: 1, body })) as NewKey;

describe('Changing the key of a sensor', () => {
  it('gives a new key and says when the former one ends: a day later, unless told otherwise', async () => {
    const garden = await watered();
    const former = garden.keys.keyOf(1);
    const changed = await changeKey(garden);
    assert.notEqual(changed.key, former);
    assert.equal(changed.key, garden.keys.keyOf(1));
    assert.equal(Date.parse(changed.former_key_until) - garden.clock.now(), 86_400_000);
    const sooner = await changeKey(garden, { grace_seconds: 60 });
    assert.equal(Date.parse(sooner.former_key_until) - garden.clock.now(), 60_000);
  });

  it('is on disk before it is answered', async () => {
    const garden = await watered();
    const former = garden.keys.keyOf(1);
    const { key } = await changeKey(garden);
    const { sensors, formerKeys } = garden.store.disk;
    assert.equal(sensors[0]?.key, key);
    assert.deepEqual(
      formerKeys.map((each) => each.key),
      [former],
    );
  });

  it('publishes the vector anew: nothing is retained under the new key yet', async () => {
    const garden = await watered();
    const before = garden.vectors(1).length;
    await changeKey(garden);
    await garden.settle();
    assert.equal(garden.vectors(1).length, before + 1);
  });

  it('changes nothing while the store is in trouble, nor when it has recovered', async () => {
    const garden = await watered();
    const key = garden.keys.keyOf(1);
    garden.store.isFailing = true;
    const answer = await garden.attempt('changeKey', { sensor: 1, body: {} });
    assert.deepEqual(answer, { status: 503, body: 'RIPE_STORE_FAILED' });
    assert.equal(garden.keys.keyOf(1), key);
    garden.store.isFailing = false;
    await garden.store.commit();
    assert.equal(garden.store.disk.sensors[0]?.key, key);
  });

  it('says nothing of keys in logs and events', async () => {
    const garden = await watered();
    const former = garden.keys.keyOf(1) ?? 'none';
    const { key } = await changeKey(garden);
    const text = JSON.stringify([garden.told, garden.logged]);
    assert.doesNotMatch(text, new RegExp(`${key}|${former}`));
    assert.match(JSON.stringify(garden.logged), /sensor 1 \(Fern\) has a new key/);
  });
});
