import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { GardenHarness } from '../../../support/garden-harness.ts';

async function oneSensor(logLines = 124): Promise<GardenHarness> {
  const garden = await GardenHarness.start({ logLines });
  await garden.addSensor();
  return garden;
}

const warned = (garden: GardenHarness) => garden.logged.filter((line) => line.startsWith('warn'));

describe('Readings', () => {
  it('reach twin, store, agents and events, over MQTT and HTTP alike (protocol §3 FIX)', async () => {
    const garden = await oneSensor();
    await garden.addAgent(1, '01_W');
    await garden.receive(1, { moisture: 50 });
    assert.equal(garden.twin(1).reading?.moisture, 50);
    assert.equal(await garden.ask('postData', { sensor: 1, body: { moisture: 5 } }), null);
    assert.deepEqual(garden.bytes(1), [1]);
    assert.equal(garden.store.disk.rows.length, 1);
    assert.equal(garden.told.filter(({ wire }) => wire === 'event/reading').length, 2);
  });

  it('may come parsed, from a node on the wire', async () => {
    const garden = await oneSensor();
    garden.runtime.received(`sensor/data/1/${garden.keys.keyOf(1)}`, { moisture: 7 });
    assert.equal(garden.twin(1).row?.moisture, 7);
  });

  it('are folded into rows of half an hour (protocol §7.1)', async () => {
    const garden = await oneSensor();
    const from = garden.clock.now();
    for (const moisture of [1, 2, 3, 4]) {
      await garden.receive(1, { moisture });
      await garden.pass(10 * 60_000);
    }
    const range = { from, until: garden.clock.now() };
    const rows = (await garden.ask('rows', { sensor: 1, range })) as { moisture: number }[];
    assert.deepEqual(
      rows.map(({ moisture }) => moisture),
      [3, 4],
    );
    assert.equal(((await garden.ask('firstRow', { sensor: 1 })) as { moisture: number }).moisture, 3);
  });

  it('of an older time fill history in, and do not become the newest row (protocol §7.1)', async () => {
    const garden = await oneSensor();
    await garden.receive(1, { moisture: 1 });
    await garden.pass(31 * 60_000);
    const timestamp = new Date(garden.clock.now() - 5 * 3_600_000).toISOString();
    await garden.receive(1, { timestamp, moisture: 9 });
    assert.equal(garden.twin(1).row?.moisture, 1);
    assert.equal(((await garden.ask('firstRow', { sensor: 1 })) as { moisture: number }).moisture, 9);
  });

  it('are refused over HTTP with the name of the bad field', async () => {
    const garden = await oneSensor();
    const timestamp = '1980-01-01T00:00:00Z';
    const answer = await garden.attempt('postData', { sensor: 1, body: { timestamp } });
    assert.deepEqual(answer, { status: 400, body: 'RIPE_FIELD_INVALID' });
  });

  it('of a sensor without data are none: null (protocol §3)', async () => {
    const garden = await oneSensor();
    assert.equal(await garden.ask('firstRow', { sensor: 1 }), null);
  });
});

describe('Dropped messages', () => {
  for (const [why, payload, key] of [
    ['the key is wrong', '{}', 'wrong'],
    ['the payload is not valid JSON', '{', undefined],
    ['moisture', '{"moisture": "wet"}', undefined],
  ] as const) {
    it(`are counted and logged because ${why} (protocol §5.1)`, async () => {
      const garden = await oneSensor();
      await garden.receive(1, payload, 'data', key ?? garden.keys.keyOf(1));
      assert.equal(garden.twin(1).dropped, 1);
      assert.equal(garden.twin(1).reading, null);
      assert.match(
        warned(garden).join(),
        new RegExp(`sensor 1: 1 message\\(s\\) dropped, the last because .*${why}`),
      );
    });
  }

  it('are those that are no UTF-8, or too large (protocol §5.1)', async () => {
    const garden = await oneSensor();
    const topic = `sensor/log/1/${garden.keys.keyOf(1)}`;
    garden.runtime.received(topic, Buffer.from([0xff, 0xfe]));
    garden.runtime.received(topic, Buffer.alloc(64 * 1024 + 1, 'a'));
    garden.runtime.received(topic, 5);
    assert.equal(garden.twin(1).dropped, 3);
    assert.deepEqual(await garden.ask('log', { sensor: 1 }), []);
  });

  it('make one line per sensor and minute, and all unknown sensors together one', async () => {
    const garden = await oneSensor();
    await garden.addSensor();
    for (let n = 0; n < 10; n++) {
      for (const id of [1, 2, 71, 72]) await garden.receive(id, '{}', 'data', 'wrong');
      await garden.pass(1_000);
    }
    assert.equal(warned(garden).length, 3);
    await garden.pass(60_000);
    await garden.receive(1, '{}', 'data', 'wrong');
    assert.match(warned(garden)[3] ?? '', /sensor 1: 10 message/);
    assert.doesNotMatch(warned(garden).join(), new RegExp(garden.keys.keyOf(1) ?? ''));
  });

  it('are not counted where the topic is none of ours (protocol §5.1)', async () => {
    const garden = await oneSensor();
    const key = garden.keys.keyOf(1);
    for (const topic of [
      'ripe/master',
      `sensor/cmd/1/${key}`,
      'sensor/data/1',
      `sensor/data/1/${key}/more`,
    ]) {
      garden.runtime.received(topic, Buffer.from('{}'));
    }
    assert.equal(garden.twin(1).dropped, 0);
    assert.deepEqual(warned(garden), []);
  });
});

describe('The log of a sensor', () => {
  const lines = async (garden: GardenHarness, timeZone = 'UTC') =>
    (await garden.ask('log', { sensor: 1, timeZone })) as string[];

  it('is told oldest first, with the time of reception in the zone of the reader (protocol §3, §7.3)', async () => {
    const garden = await oneSensor();
    await garden.receive(1, 'pump on', 'log');
    await garden.pass(60_000);
    await garden.receive(1, 'pump off', 'log');
    assert.deepEqual(await lines(garden, 'Europe/Berlin'), [
      '[Jun  1 14:00:00 2026] pump on',
      '[Jun  1 14:01:00 2026] pump off',
    ]);
  });

  it('is a ring, which goes on after a restart (protocol §7.3)', async () => {
    const garden = await oneSensor(3);
    for (const text of ['a', 'b', 'c', 'd']) await garden.receive(1, text, 'log');
    await garden.pass(100);
    await garden.crash();
    await garden.receive(1, 'e', 'log');
    assert.deepEqual(
      (await lines(garden)).map((line) => line.at(-1)),
      ['c', 'd', 'e'],
    );
    assert.equal(garden.store.disk.lines.length, 3);
  });

  it('cuts a line at a character after 255 bytes (protocol §7.3 FIX)', async () => {
    const garden = await oneSensor();
    await garden.receive(1, 'ü'.repeat(200), 'log');
    assert.match((await lines(garden))[0] ?? '', /\] ü{127}$/);
  });
});
