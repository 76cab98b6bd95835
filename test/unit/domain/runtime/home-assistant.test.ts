import assert from 'node:assert/strict';
import { FakeHome, UNITS } from '../../../support/fake-home.ts';
import { GardenHarness } from '../../../support/garden-harness.ts';

const READING = {
  battery: 88,
  moisture: 40.5,
  temperature: 21,
  humidity: 55,
  carbon: 410,
  conductivity: 900,
  light: 1200,
};
const A_MOMENT = 100;
const PUMP = 'ripe/ha/1/01_Water';

/** Sensor 1 with a pump and a fan, of which Home Assistant knows. */
async function open(): Promise<{ garden: GardenHarness; home: FakeHome }> {
  const home = new FakeHome();
  const garden = await GardenHarness.start({ home });
  await garden.addSensor('Bed 3');
  await garden.addAgent(1, '01_Water');
  await garden.addAgent(1, '02_Fan', 'PercentAgent');
  await garden.receive(1, READING);
  await garden.pass(A_MOMENT);
  return { garden, home };
}

async function command(garden: GardenHarness, topic: string, payload: unknown, isRetained = false) {
  garden.runtime.received(topic, Buffer.from(String(payload)), isRetained);
  await garden.settle();
  await garden.pass(A_MOMENT);
}

describe('Home Assistant', () => {
  it('sees a device per sensor, with unit and class of all that it measures', async () => {
    const { home } = await open();
    assert.deepEqual(home.devices, ['homeassistant/device/ripe_g1_1/config']);
    const payload = JSON.parse(home.retained.get(home.devices[0] ?? '') ?? '');
    assert.equal(payload.device.name, 'Bed 3');
    const metrics = Object.entries(home.components(1)).filter(
      ([, { device_class }]) => device_class !== undefined,
    );
    assert.deepEqual(metrics.map(([id]) => id).sort(), Object.keys(READING).sort());
    for (const [id, { device_class, unit_of_measurement }] of metrics) {
      assert.equal(unit_of_measurement, UNITS[String(device_class)], id);
    }
    assert.deepEqual(JSON.parse(home.retained.get('ripe/ha/1/state') ?? ''), READING);
  });

  it('sees agents as switches and numbers, named as the app names them', async () => {
    const { home } = await open();
    const { agent_01_Water: pump, agent_02_Fan: fan } = home.components(1);
    assert.deepEqual(
      [pump?.platform, pump?.['name'], pump?.['command_topic']],
      ['switch', 'Water', `${PUMP}/set`],
    );
    assert.deepEqual(
      [fan?.platform, fan?.['min'], fan?.['max'], fan?.['unit_of_measurement']],
      ['number', 0, 100, '%'],
    );
    assert.equal(home.retained.get(`${PUMP}/state`), 'OFF');
    assert.equal(home.retained.get('ripe/ha/1/02_Fan/state'), '50');
  });

  it('sees nothing that holds a key', async () => {
    const { garden, home } = await open();
    const key = garden.keys.keyOf(1) ?? '';
    assert.ok(key.length > 3 && home.messages.length > 5);
    for (const { topic, payload } of home.messages) assert.ok(!`${topic} ${payload}`.includes(key), topic);
  });

  it('announces only what a sensor measures, and more when it does', async () => {
    const home = new FakeHome();
    const garden = await GardenHarness.start({ home });
    await garden.addSensor();
    await garden.pass(A_MOMENT);
    assert.deepEqual(Object.keys(home.components(1)), []);
    await garden.receive(1, { moisture: 30 });
    await garden.pass(A_MOMENT);
    assert.deepEqual(Object.keys(home.components(1)), ['moisture']);
    await garden.receive(1, { temperature: 20 });
    await garden.pass(A_MOMENT);
    assert.deepEqual(Object.keys(home.components(1)), ['moisture', 'temperature']);
    assert.equal(JSON.parse(home.retained.get('ripe/ha/1/state') ?? '').temperature, 20);
  });

  it('gets one message for a reading, and none for a vector that changes nothing', async () => {
    const { garden, home } = await open();
    const before = home.messages.length;
    await garden.receive(1, { ...READING, moisture: 39 });
    await garden.pass(A_MOMENT);
    assert.deepEqual(
      home.messages.slice(before).map(({ topic }) => topic),
      ['ripe/ha/1/state'],
    );
  });

  it('switches a pump on for its usual time, which ends by itself, and off', async () => {
    const { garden, home } = await open();
    await command(garden, `${PUMP}/set`, 'ON');
    assert.deepEqual([garden.bytes(1), home.retained.get(`${PUMP}/state`)], [[1, 50], 'ON']);
    await garden.pass(60_000);
    assert.deepEqual([garden.bytes(1), home.retained.get(`${PUMP}/state`)], [[0, 50], 'OFF']);
    await command(garden, `${PUMP}/set`, '300');
    await garden.pass(200_000);
    assert.equal(garden.bytes(1)?.[0], 1);
    await command(garden, `${PUMP}/set`, 'OFF');
    assert.deepEqual([garden.bytes(1), home.retained.get(`${PUMP}/state`)], [[0, 50], 'OFF']);
  });

  it('goes the way of REST: the decision is recorded as forced', async () => {
    const { garden } = await open();
    await command(garden, `${PUMP}/set`, 'ON');
    const decisions = garden.told
      .filter(({ wire }) => wire === 'event/decision')
      .map(({ payload }) => payload);
    assert.ok(decisions.some((decision) => (decision as { event: string }).event === 'forced'));
  });

  it('sets a fan', async () => {
    const { garden, home } = await open();
    await command(garden, 'ripe/ha/1/02_Fan/set', '73');
    assert.deepEqual([garden.bytes(1), home.retained.get('ripe/ha/1/02_Fan/state')], [[0, 73], '73']);
  });

  it('sees an agent that runs by itself', async () => {
    const { garden, home } = await open();
    await garden.receive(1, { moisture: 5 });
    await garden.pass(A_MOMENT);
    assert.equal(home.retained.get(`${PUMP}/state`), 'ON');
  });

  it('is shown the state again when a command changes nothing, so that its switch flips back', async () => {
    const { garden, home } = await open();
    const before = home.said(`${PUMP}/state`).length;
    await command(garden, `${PUMP}/set`, '3');
    assert.deepEqual(home.said(`${PUMP}/state`).slice(before), ['OFF']);
  });

  const wrong: [what: string, topic: string, payload: unknown, isRetained?: boolean][] = [
    ['an unknown word', `${PUMP}/set`, 'toggle'],
    ['a number out of range', 'ripe/ha/1/02_Fan/set', '101'],
    ['an agent that there is not', 'ripe/ha/1/09_None/set', 'ON'],
    ['a command that the broker has kept', `${PUMP}/set`, 'ON', true],
  ];
  for (const [what, topic, payload, isRetained] of wrong) {
    it(`drops and counts ${what}`, async () => {
      const { garden } = await open();
      await command(garden, topic, payload, isRetained);
      assert.equal(garden.twin(1).dropped, 1);
      assert.deepEqual(garden.bytes(1), [0, 50]);
    });
  }

  it('drops a command for a sensor that there is not, and one for a parked agent', async () => {
    const { garden } = await open();
    await command(garden, 'ripe/ha/99/01_Water/set', 'ON');
    garden.types.delete('ThresholdAgent');
    await garden.runtime.agentTypesChanged('ThresholdAgent');
    await command(garden, `${PUMP}/set`, 'ON');
    assert.equal(garden.twin(1).dropped, 1);
    assert.deepEqual(garden.bytes(1), [0, 50]);
  });

  it('forgets an agent that is removed: first explicitly, then in silence', async () => {
    const { garden, home } = await open();
    const topic = home.devices[0] ?? '';
    const before = home.said(topic).length;
    await garden.removeAgent(1, '01_Water');
    await garden.pass(A_MOMENT);
    const said = home
      .said(topic)
      .slice(before)
      .map((payload) => JSON.parse(payload).components);
    assert.deepEqual(
      said.map(({ agent_01_Water }) => agent_01_Water),
      [{ platform: 'switch' }, undefined],
    );
    assert.equal(home.retained.has(`${PUMP}/state`), false);
    await garden.addAgent(1, '01_Water');
    await garden.pass(A_MOMENT);
    assert.equal(home.components(1)['agent_01_Water']?.platform, 'switch');
    assert.equal(home.retained.get(`${PUMP}/state`), 'OFF');
  });

  it('forgets a sensor that is removed: nothing of it stays at the broker', async () => {
    const { garden, home } = await open();
    await garden.removeSensor(1);
    await garden.pass(A_MOMENT);
    assert.deepEqual([...home.retained.keys()], ['ripe/ha/availability']);
  });

  it('learns at the next broker what was removed while there was none', async () => {
    const { garden, home } = await open();
    await garden.disconnect();
    const before = home.messages.length;
    await garden.removeSensor(1);
    await garden.receive(1, READING);
    await garden.pass(A_MOMENT);
    assert.equal(home.messages.length, before);
    await garden.connect();
    await garden.pass(A_MOMENT);
    assert.deepEqual([...home.retained.keys()], ['ripe/ha/availability']);
  });

  it('is told everything anew at each connection, and when it says that it has started', async () => {
    const { garden, home } = await open();
    const all = [...home.retained].sort();
    await garden.disconnect();
    home.retained.clear();
    await garden.connect();
    await garden.pass(A_MOMENT);
    assert.deepEqual([...home.retained].sort(), all);
    home.retained.clear();
    await command(garden, 'homeassistant/status', 'offline');
    assert.equal(home.retained.size, 0);
    await command(garden, 'homeassistant/status', 'online');
    assert.deepEqual([...home.retained].sort(), all);
  });

  it('is told everything after a restart, too', async () => {
    const { garden, home } = await open();
    const all = [...home.retained].sort();
    home.retained.clear();
    await garden.crash();
    await garden.pass(A_MOMENT);
    assert.deepEqual([...home.retained].sort(), all);
  });

  it('sees a sensor as unavailable after an hour of silence, and available when it speaks again', async () => {
    const { garden, home } = await open();
    const topic = 'ripe/ha/1/availability';
    await garden.pass(1_800_000);
    await garden.receive(1, READING);
    await garden.pass(3_000_000);
    assert.deepEqual(home.said(topic), ['online']);
    await garden.pass(700_000);
    assert.deepEqual(home.said(topic), ['online', 'offline']);
    await garden.receive(1, READING);
    assert.deepEqual(home.said(topic), ['online', 'offline', 'online']);
    await garden.pass(3_700_000);
    assert.equal(home.retained.get(topic), 'offline');
  });

  it('sees a sensor that never says anything as available: it may be all pump and no probe', async () => {
    const home = new FakeHome();
    const garden = await GardenHarness.start({ home });
    await garden.addSensor();
    await garden.pass(10_000_000);
    assert.equal(home.retained.get('ripe/ha/1/availability'), 'online');
  });

  it('is told goodbye at a stop', async () => {
    const { garden, home } = await open();
    assert.equal(home.retained.get('ripe/ha/availability'), 'online');
    const words = garden.runtime
      .lastWords()
      .map(({ topic, payload }) => [topic, Buffer.from(payload as Uint8Array).toString()]);
    assert.deepEqual(words, [['ripe/ha/availability', 'offline']]);
  });

  it('gets a large garden in slices', async () => {
    const home = new FakeHome();
    const garden = await GardenHarness.start({ home });
    for (let n = 0; n < 50; n++) await garden.addSensor();
    await garden.disconnect();
    home.retained.clear();
    await garden.connect();
    assert.deepEqual([...home.retained.keys()], ['ripe/ha/availability']);
    await garden.pass(10);
    assert.equal(home.devices.length, 20);
    await garden.pass(20);
    assert.equal(home.devices.length, 50);
  });

  it('costs nothing where it is switched off', async () => {
    const garden = await GardenHarness.start();
    await garden.addSensor();
    await garden.addAgent(1, '01_Water');
    await command(garden, `${PUMP}/set`, 'ON');
    assert.deepEqual([garden.bytes(1), garden.twin(1).dropped], [[0], 0]);
    assert.deepEqual(garden.runtime.lastWords(), []);
  });
});
