import assert from 'node:assert/strict';
import { accepted, refused } from '../support/curl.ts';
import { useSharedRipe } from '../support/shared-ripe.ts';
import { range, registerSensor, type TestSensor } from '../support/test-sensor.ts';
import type { DataRow, Status } from '../support/wire-types.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MEMBERS = [
  'timestamp',
  'battery',
  'moisture',
  'temperature',
  'humidity',
  'carbon',
  'conductivity',
  'light',
];

describe('REST: data of a sensor', () => {
  const ripe = useSharedRipe();
  let sensor: TestSensor;

  beforeEach(async () => {
    sensor = await registerSensor(ripe);
  });

  it('has a timestamp also without data, and no values (§3 DEPENDS)', async () => {
    const { data } = await sensor.status();
    assert.deepEqual(Object.keys(data), MEMBERS);
    const { timestamp, ...values } = data;
    assert.match(timestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
    assert.ok(Math.abs(Date.parse(timestamp) - Date.now()) < 5_000);
    assert.deepEqual([...new Set(Object.values(values))], [null]);
    assert.equal(accepted(await sensor.sensor('GET', '/data/first')), null);
    assert.deepEqual(await sensor.rows(Date.now() - HOUR_MS, Date.now() + HOUR_MS), []);
  });

  it('takes a reading by POST as over MQTT: stored, served, and given to the agents (§3 FIX)', async () => {
    await sensor.addAgent('01_Pump', 'ThresholdAgent');
    await sensor.postData({ moisture: 5, further: 'x' });
    assert.equal((await sensor.status()).data.moisture, 5);
    assert.ok('Executing' in Object((await sensor.agentStatus('01_Pump')).ui.state));
    assert.deepEqual(await sensor.log(), []);
    await sensor.command('01_Pump', 0);
  });

  it('serves the humidity, and whole numbers without a point (§4.2 FIX, §2.1 DEPENDS)', async () => {
    const metrics = { battery: 87.5, moisture: 33, temperature: -3.25, humidity: 55.5 };
    await sensor.postData({ ...metrics, carbon: 400, conductivity: 2_147_483_647, light: -2_147_483_648 });
    const answer = await sensor.sensor('GET');
    const { timestamp, ...values } = accepted<Status>(answer).data;
    assert.deepEqual(values, { ...metrics, carbon: 400, conductivity: 2_147_483_647, light: -2_147_483_648 });
    assert.match(answer.text, /"carbon":400,"conductivity":2147483647,"light":-2147483648\}/);
    const [row] = await sensor.rows(Date.parse(timestamp), Date.parse(timestamp) + 1);
    assert.equal(row?.humidity, 55.5);
    const first = accepted<DataRow>(await sensor.sensor('GET', '/data/first'));
    assert.deepEqual(first, row);
    assert.deepEqual(Object.keys(first), MEMBERS);
  });

  it('takes all members missing or null, and every number for what is no whole one (§4.2)', async () => {
    const nothing = Object.fromEntries(MEMBERS.map((name) => [name, null]));
    for (const body of [{}, nothing, { temperature: 1e300, battery: -0.0 }, { moisture: 4e-7 }]) {
      await sensor.postData(body);
    }
  });

  it('refuses values of a wrong type or range by the name of the field (§4.2)', async () => {
    const wrong: [string, unknown][] = [
      ...['battery', 'moisture', 'temperature', 'humidity'].flatMap((name) =>
        ['5', true, [5], {}].map((value): [string, unknown] => [name, value]),
      ),
      ...['carbon', 'conductivity', 'light'].flatMap((name) =>
        [400.5, 2_147_483_648, -2_147_483_649, '400', false].map((value): [string, unknown] => [name, value]),
      ),
    ];
    for (const [name, value] of wrong) {
      refused(await sensor.sensor('POST', '/data', { body: { moisture: 7, [name]: value } }), 400, name);
    }
    for (const raw of ['{"moisture":NaN}', '{"moisture":Infinity}', '{"moisture":0x5}', '{"moisture":05}']) {
      refused(await sensor.sensor('POST', '/data', { raw }), 400, 'body');
    }
    refused(await sensor.sensor('POST', '/data', { raw: '{"moisture":1e999}' }), 400, 'moisture');
    for (const raw of ['null', '5', '"5"', '[]', '[{"moisture":5}]', '']) {
      refused(await sensor.sensor('POST', '/data', { raw }), 400, 'body');
    }
    assert.equal(accepted(await sensor.sensor('GET', '/data/first')), null);
  });

  it('refuses an absurd timestamp, and takes a future one for now (§4.2, §7.1 FIX)', async () => {
    const absurd = ['1970-01-01T00:00:00Z', '2024-13-45', '2024-02-30T00:00:00Z', '2024-07-11T20:15:01', ''];
    for (const timestamp of [...absurd, 'now', '2024-07-11', 1720728901, {}, '+02024-07-11T00:00:00Z']) {
      refused(await sensor.sensor('POST', '/data', { body: { timestamp, moisture: 5 } }), 400, 'timestamp');
    }
    await sensor.postData({ timestamp: '9999-12-31T23:59:59Z', moisture: 61 });
    const { data } = await sensor.status();
    assert.ok(Math.abs(Date.parse(data.timestamp) - Date.now()) < 5_000);
    await sensor.postData({ moisture: 62 });
    assert.equal((await sensor.status()).data.moisture, 62);
  });

  it('folds the readings of half an hour into one row, where null erases nothing (§7.1)', async () => {
    const from = Date.now() - 1000;
    await sensor.postData({ moisture: 40, temperature: 20, light: 7 });
    const { timestamp } = (await sensor.status()).data;
    await sensor.postData({ moisture: 41, temperature: null, humidity: 50 });
    await sensor.postData(Object.fromEntries(MEMBERS.map((name) => [name, null])));
    const rows = await sensor.rows(from, Date.now() + 1000);
    assert.equal(rows.length, 1);
    const { moisture, temperature, humidity, light } = rows[0] as DataRow;
    assert.deepEqual(
      { moisture, temperature, humidity, light },
      { moisture: 41, temperature: 20, humidity: 50, light: 7 },
    );
    assert.equal(rows[0]?.timestamp, timestamp);
    assert.deepEqual((await sensor.status()).data, rows[0]);
  });

  describe('of the past', () => {
    const noon = Date.UTC(2024, 6, 11, 12);
    const at = (hours: number) => new Date(noon + hours * HOUR_MS).toISOString();

    beforeEach(async () => {
      for (const [index, hours] of [0, 1, 24, 30].entries()) {
        await sensor.postData({ timestamp: at(hours), moisture: 50 + index });
      }
    });

    it('answers half-open ranges, oldest first, of up to exactly 24 hours (§2.3 DEPENDS)', async () => {
      const moistures = async (from: number, until: number) =>
        (await sensor.rows(from, until)).map(({ moisture }) => moisture);
      assert.deepEqual(await moistures(noon, noon + DAY_MS), [50, 51]);
      assert.deepEqual(await moistures(noon + 1, noon + 1 + DAY_MS), [51, 52]);
      assert.deepEqual(await moistures(noon + HOUR_MS, noon + HOUR_MS + 1), [51]);
      assert.deepEqual(await moistures(noon + HOUR_MS - 1, noon + HOUR_MS), []);
    });

    it('gives the oldest row as the first (§3)', async () => {
      const first = accepted<DataRow>(await sensor.sensor('GET', '/data/first'));
      assert.equal(first.timestamp, at(0));
      assert.equal(first.moisture, 50);
    });

    it('reads dates with offsets, escaped or not, and with up to nine digits of fraction (§2.3)', async () => {
      for (const from of [
        '2024-07-11T12%3A00%3A00.000Z',
        '2024-07-11T12:00:00.000000Z',
        '2024-07-11T14:00:00%2B02:00',
        '2024-07-11T14:00:00+02:00',
        '2024-07-11T07:00:00.123456789-05:00',
        '2024-07-11t12:00:00z',
      ]) {
        const answer = await sensor.sensor('GET', `/data?from=${from}&until=2024-07-11T13%3A00%3A00.001Z`);
        const rows = accepted<DataRow[]>(answer);
        assert.equal(rows.at(-1)?.moisture, 51, from);
      }
    });

    it('refuses ranges that are too long, empty, upside down or no dates (§2.3)', async () => {
      const day = range(noon, noon + DAY_MS);
      for (const path of ['/data', '']) {
        const ask = (query: string) =>
          path === '' ? sensor.agent('GET', `?${query}`) : sensor.sensor('GET', `${path}?${query}`);
        accepted(await ask(day));
        refused(await ask(range(noon, noon + DAY_MS + 1)), 400, 'until');
        refused(await ask(range(noon, noon)), 400, 'from');
        refused(await ask(range(noon + 1, noon)), 400, 'from');
        refused(await ask(day.replace('from', 'since')), 400, 'from');
        refused(await ask(day.replace('until', 'to')), 400, 'until');
        refused(await ask(''), 400, 'from');
        for (const bad of [
          '2024-07-11T12:00:00',
          '2024-13-45T00:00:00Z',
          '',
          '12',
          '%00',
          'a'.repeat(2000),
        ]) {
          refused(await ask(`from=${bad}&until=2024-07-11T13:00:00Z`), 400, 'from');
        }
      }
    });
  });
});
