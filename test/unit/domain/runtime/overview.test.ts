import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { GardenHarness } from '../../../support/garden-harness.ts';

interface Overview {
  readonly id: number;
  readonly name: string;
  readonly last_seen: string | null;
  readonly data: { moisture: number | null } | null;
  readonly agents: {
    domain: string;
    value: number;
    waiting: boolean;
    locked_out: boolean;
    ui: { state: unknown };
  }[];
  readonly dry_below: number | null;
}

describe('The overview over REST', () => {
  it('shows each sensor with its newest values, its agents, and below what it is dry', async () => {
    const garden = await GardenHarness.start();
    await garden.addSensor();
    await garden.addSensor();
    await garden.addAgent(1, '01_W', 'ThresholdAgent');
    await garden.receive(1, { moisture: 5, battery: 80 });
    const { sensors } = (await garden.ask('gardenOverview')) as { sensors: Overview[] };
    const [dry, silent] = sensors;
    assert.equal(sensors.length, 2);
    assert.equal(dry?.data?.moisture, 5);
    assert.equal(dry?.dry_below, 20);
    assert.notEqual(dry?.last_seen, null);
    const [agent] = dry?.agents ?? [];
    assert.deepEqual([agent?.domain, agent?.value, agent?.locked_out], ['01_W', 1, false]);
    assert.ok(Object.hasOwn(agent?.ui.state as object, 'Executing'));
    assert.deepEqual(
      [silent?.data, silent?.last_seen, silent?.agents, silent?.dry_below],
      [null, null, [], null],
    );
    assert.deepEqual(await garden.ask('sensorOverview', { sensor: 1 }), dry);
  });

  it('says of a run that it waits for its supply, although it is announced', async () => {
    const garden = await GardenHarness.start();
    await garden.addSensor();
    for (const domain of ['01_A', '02_B']) {
      await garden.addAgent(1, domain);
      await garden.ask('patchSettings', { sensor: 1, domain, body: { settings: { supply: 'pump' } } });
      await garden.force(1, domain, 60);
    }
    const waiting = async () => {
      const { agents } = (await garden.ask('sensorOverview', { sensor: 1 })) as Overview;
      return agents.map((agent) => [agent.waiting, Object.keys(agent.ui.state as object)[0]]);
    };
    assert.deepEqual(await waiting(), [
      [false, 'Forced'],
      [true, 'Forced'],
    ]);
    await garden.force(1, '01_A', 0);
    assert.deepEqual((await waiting())[1], [false, 'Forced']);
  });

  it('is of no sensor that is not registered', async () => {
    const garden = await GardenHarness.start();
    await assert.rejects(garden.ask('sensorOverview', { sensor: 9 }) as Promise<unknown>, {
      code: 'RIPE_AUTH_SENSOR',
    });
  });
});
