import assert from 'node:assert/strict';
import { eventually } from '../support/eventually.ts';
import { publish, useSubscribers } from '../support/mosquitto-clients.ts';
import type { Ripe } from '../support/ripe.ts';
import { registerSensor, type TestSensor, timing } from '../support/test-sensor.ts';

/** The shortest run there is: five seconds and less are refused (protocol §6.1). */
const SHORTEST_MS = 5_100;
const COOLDOWN_MS = 60_000;
const DOMAIN = '01_Wasser';

async function waterSensor(ripe: Ripe): Promise<TestSensor> {
  const sensor = await registerSensor(ripe, 'Basil');
  await sensor.addAgent(DOMAIN, 'ThresholdAgent');
  await sensor.configure(DOMAIN, timing(SHORTEST_MS, COOLDOWN_MS));
  return sensor;
}

/** How long the pump ran, by RIPE's own history: a busy machine hears of it sooner or later. */
function runOf(sensor: TestSensor): Promise<number> {
  return eventually(async () => {
    const [on, off] = (await sensor.history()).slice(-2);
    assert.deepEqual([on?.command, off?.command], [1, 0]);
    return Date.parse(`${off?.created_at}Z`) - Date.parse(`${on?.created_at}Z`);
  });
}

/** The way of the README (readme.test.ts types it) in short runs, with clients that nobody here wrote: curl, mosquitto_pub and mosquitto_sub. */
export function describeWatering(ripe: Ripe): void {
  const subscribe = useSubscribers();

  async function water(sensor: TestSensor, qos: 0 | 1 | 2): Promise<void> {
    const commands = await subscribe(sensor.broker, sensor.topic('cmd'), qos);
    await commands.expect('00');
    await publish(sensor.broker, sensor.topic('data'), { moisture: 5 }, qos);
    await commands.expect('01');
    assert.ok('Executing' in Object((await sensor.agentStatus(DOMAIN)).ui.state));
    await commands.expect('00');
    const tookMs = await runOf(sensor);
    assert.ok(Math.abs(tookMs - SHORTEST_MS) < 700, `the pump ran for ${tookMs} ms`);
    await dryDuringCooldown(sensor, qos);
    await commands.silence();
  }

  async function dryDuringCooldown(sensor: TestSensor, qos: 0 | 1 | 2): Promise<void> {
    await publish(sensor.broker, sensor.topic('data'), { moisture: 4 }, qos);
    await eventually(async () => assert.equal((await sensor.status()).data.moisture, 4));
    assert.equal((await sensor.agentStatus(DOMAIN)).ui.state, 'Ready');
  }

  it('waters for the set time on a dry reading of QoS 0, 1 and 2, and not again during the cooldown (§6.1)', async () => {
    const sensors = await Promise.all([waterSensor(ripe), waterSensor(ripe), waterSensor(ripe)]);
    await Promise.all(sensors.map((sensor, index) => water(sensor, index as 0 | 1 | 2)));
  });
}

/** The same without waiting for a run to end. */
export function describeCommands(ripe: Ripe): void {
  const subscribe = useSubscribers();

  it('starts below the limit only (§6.1 DEPENDS)', async () => {
    const sensor = await waterSensor(ripe);
    const commands = await subscribe(sensor.broker, sensor.topic('cmd'));
    await commands.expect('00');
    for (const moisture of [20, 20.9, 55]) {
      await publish(sensor.broker, sensor.topic('data'), { moisture });
      await eventually(async () => assert.equal((await sensor.status()).data.moisture, moisture));
    }
    await commands.silence(200);
    await publish(sensor.broker, sensor.topic('data'), { moisture: 19.9 });
    await commands.expect('01');
    await sensor.command(DOMAIN, 0);
    await commands.expect('00');
  });

  it('is forced on and off over REST, also during the cooldown (§6)', async () => {
    const sensor = await waterSensor(ripe);
    const commands = await subscribe(sensor.broker, sensor.topic('cmd'), 1);
    await commands.expect('00');
    for (const payload of [30, 90]) {
      await sensor.command(DOMAIN, payload);
      await commands.expect('01');
      const { state } = (await sensor.agentStatus(DOMAIN)).ui;
      const end = Date.parse(String(Object(state).Forced));
      assert.ok(Math.abs(end - Date.now() - payload * 1000) < 3000, `it ends at ${end}`);
      await sensor.command(DOMAIN, 0);
      await commands.expect('00');
      assert.equal((await sensor.agentStatus(DOMAIN)).ui.state, 'Ready');
    }
  });

  it('gives a late subscriber the last vector, retained (§5.1 DEPENDS)', async () => {
    const sensor = await waterSensor(ripe);
    const early = await subscribe(sensor.broker, sensor.topic('cmd'));
    await early.expect('00');
    await sensor.command(DOMAIN, 600);
    await early.expect('01');
    const late = await subscribe(sensor.broker, sensor.topic('cmd'), 0);
    assert.deepEqual(await late.next(), { topic: sensor.topic('cmd'), hex: '01', isRetained: true });
    await sensor.command(DOMAIN, 0);
    assert.deepEqual(await late.next(), { topic: sensor.topic('cmd'), hex: '00', isRetained: false });
  });

  it('gives two agents two bytes in the order of their domains, and publishes at once (§5.3 DEPENDS, FIX)', async () => {
    const sensor = await registerSensor(ripe);
    await sensor.addAgent('2_y', 'PercentAgent');
    const commands = await subscribe(sensor.broker, sensor.topic('cmd'));
    await commands.expect('32');
    await sensor.addAgent('10_x', 'ThresholdAgent');
    await commands.expect('0032');
    await sensor.command('10_x', 600);
    await commands.expect('0132');
    await sensor.command('2_y', 730);
    await commands.expect('0149');
    assert.deepEqual(
      (await sensor.status()).agents.map(({ domain }) => domain),
      ['10_x', '2_y'],
    );
    await sensor.command('10_x', -1);
    await commands.expect('0049');
  });
}
