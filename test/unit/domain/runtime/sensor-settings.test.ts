import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { GardenHarness } from '../../../support/garden-harness.ts';

const settingsOf = (garden: GardenHarness) => garden.ask('getSensorSettings', { sensor: 1 });
const change = (garden: GardenHarness, body: object) =>
  garden.ask('patchSensorSettings', { sensor: 1, body });

async function gardenWithSensor(): Promise<GardenHarness> {
  const garden = await GardenHarness.start();
  await garden.addSensor('Basil');
  return garden;
}

describe('the settings of a sensor', () => {
  it('are its name and what is added to its readings, also after a restart', async () => {
    const garden = await gardenWithSensor();
    assert.deepEqual(await settingsOf(garden), { id: 1, name: 'Basil', offsets: {} });
    await change(garden, { offsets: { moisture: -4 } });
    assert.deepEqual(await change(garden, { name: 'Mint' }), {
      id: 1,
      name: 'Mint',
      offsets: { moisture: -4 },
    });
    await garden.crash();
    assert.deepEqual(await settingsOf(garden), { id: 1, name: 'Mint', offsets: { moisture: -4 } });
    const [listed] = (await garden.ask('listSensors')) as { name: string }[];
    assert.equal(listed?.name, 'Mint');
  });

  it('decide what agents, rows and readings see', async () => {
    const garden = await gardenWithSensor();
    await garden.addAgent(1, '01_Water');
    await change(garden, { offsets: { moisture: -10 } });
    await garden.receive(1, { moisture: 25 });
    assert.equal(garden.bytes(1)?.[0], 1, '15 % is dry');
    assert.equal(garden.twin(1).row?.moisture, 15);
    const range = { from: 0, until: Number.MAX_SAFE_INTEGER };
    const page = { limit: 9, after: null };
    const raw = await garden.ask('rows', { sensor: 1, range, page, resolution: 'raw' });
    const [{ moisture, offsets }] = raw as [{ moisture: number; offsets: object }];
    assert.deepEqual([moisture, offsets], [15, { moisture: -10 }]);
  });

  it('are told as an event', async () => {
    const garden = await gardenWithSensor();
    await change(garden, { name: 'Mint' });
    const told = garden.told.filter(
      ({ payload }) => (payload as { kind?: string } | undefined)?.kind === 'settings',
    );
    assert.deepEqual(
      told.map(({ payload }) => payload),
      [{ kind: 'settings', sensor: 1, name: 'Mint', offsets: {} }],
    );
  });

  it('stay as they were where the store does not take them', async () => {
    const garden = await gardenWithSensor();
    garden.store.isFailing = true;
    assert.deepEqual(await garden.attempt('patchSensorSettings', { sensor: 1, body: { name: 'Mint' } }), {
      status: 503,
      body: 'RIPE_STORE_FAILED',
    });
    garden.store.isFailing = false;
    await garden.crash();
    assert.deepEqual(await settingsOf(garden), { id: 1, name: 'Basil', offsets: {} });
  });
});
