import assert from 'node:assert/strict';
import { eventually } from '../support/eventually.ts';
import { publish, useSubscribers } from '../support/mosquitto-clients.ts';
import { useSharedRipe } from '../support/shared-ripe.ts';
import { registerSensor, type TestSensor } from '../support/test-sensor.ts';
import type { Metrics } from '../support/wire-types.ts';

describe('readings over MQTT', () => {
  const ripe = useSharedRipe();
  const subscribe = useSubscribers();
  let sensor: TestSensor;

  beforeEach(async () => {
    sensor = await registerSensor(ripe);
  });

  async function send(message: object, arrived: Partial<Metrics>, qos: 0 | 1 | 2 = 2): Promise<void> {
    await publish(sensor.broker, sensor.topic('data'), message, qos);
    await eventually(async () =>
      assert.deepEqual({ ...(await sensor.status()).data, ...arrived }, (await sensor.status()).data),
    );
  }

  it('take the time of reception where they name none (§4.2)', async () => {
    await send({ moisture: 50 }, { moisture: 50 }, 0);
    const { timestamp } = (await sensor.status()).data;
    assert.ok(Math.abs(Date.parse(timestamp) - Date.now()) < 5_000);
  });

  it('keep their own time, told in any zone (§4.2)', async () => {
    await send({ moisture: 50, timestamp: '2024-07-11T22:15:01.5+02:00' }, { moisture: 50 });
    assert.equal(Date.parse((await sensor.status()).data.timestamp), Date.UTC(2024, 6, 11, 20, 15, 1, 500));
  });

  it('of the future count as now, and absorb nothing (§7.1 FIX)', async () => {
    for (const timestamp of ['9999-12-31T23:59:59Z', '2999-01-01T00:00:00+14:00']) {
      await send({ moisture: 50, timestamp }, { moisture: 50 });
      const { data } = await sensor.status();
      assert.ok(Math.abs(Date.parse(data.timestamp) - Date.now()) < 10_000);
      await send({ moisture: 51 }, { moisture: 51 });
    }
  });

  it('of half an hour make one row, in which nulls erase nothing (§7.1)', async () => {
    const from = Date.now() - 1000;
    await send({ moisture: 40, battery: 90 }, { moisture: 40 });
    const { timestamp } = (await sensor.status()).data;
    await send({ moisture: 42, battery: null, light: 100 }, { light: 100 });
    const nothing = { battery: null, moisture: null, temperature: null, conductivity: null, light: null };
    await publish(sensor.broker, sensor.topic('data'), nothing, 2);
    await send({ humidity: 1 }, { humidity: 1 });
    const rows = await sensor.rows(from, Date.now() + 1000);
    assert.equal(rows.length, 1);
    const values = {
      battery: 90,
      moisture: 42,
      temperature: null,
      humidity: 1,
      carbon: null,
      conductivity: null,
    };
    assert.deepEqual(rows[0], { timestamp, ...values, light: 100 });
  });

  it('of the past make rows of their own (§7.1)', async () => {
    for (const hour of [1, 2, 3]) {
      await send({ moisture: hour, timestamp: `2024-07-11T0${hour}:00:00Z` }, { moisture: hour });
    }
    const day = Date.UTC(2024, 6, 11);
    const rows = await sensor.rows(day, day + 86_400_000);
    assert.deepEqual(
      rows.map(({ moisture }) => moisture),
      [1, 2, 3],
    );
  });

  it('may hold further members of any kind (§4.2)', async () => {
    const further = {
      ph: 6.5,
      ec: null,
      name: 'Basil',
      nested: { a: [1] },
      constructor: 3,
      toString: 4,
      '': 5,
    };
    await send({ ...further, moisture: 44 }, { moisture: 44 });
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`metric${index}`, index]));
    await send({ ...many, moisture: 45 }, { moisture: 45 });
    assert.equal(Object.keys((await sensor.status()).data).length, 8);
  });

  it('reach the subscribers of their own sensor, as the app is one (§10.1)', async () => {
    const data = await subscribe(sensor.broker, sensor.topic('data'), 1);
    await publish(sensor.broker, sensor.topic('data'), { moisture: 50 }, 1);
    await data.expect(Buffer.from('{"moisture":50}').toString('hex'));
  });

  it('are all taken when they come fast', async () => {
    await sensor.addAgent('01_Pump', 'ThresholdAgent');
    await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        publish(sensor.broker, sensor.topic('data'), { moisture: 30 + index }, (index % 3) as 0 | 1 | 2),
      ),
    );
    await send({ light: 3 }, { light: 3 });
    assert.equal((await sensor.rows(Date.now() - 60_000, Date.now() + 1000)).length, 1);
  });
});
