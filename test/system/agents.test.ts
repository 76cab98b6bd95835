import assert from 'node:assert/strict';
import { accepted, curl } from '../support/curl.ts';
import { eventually } from '../support/eventually.ts';
import { type Subscriber, useSubscribers } from '../support/mosquitto-clients.ts';
import { useSharedRipe } from '../support/shared-ripe.ts';
import { base64, registerSensor, type TestSensor, timing } from '../support/test-sensor.ts';

const DAY_MS = 86_400_000;

describe('the shipped agents, over HTTP and MQTT', () => {
  const ripe = useSharedRipe();
  const subscribe = useSubscribers();

  async function sensorWith(agentName: string): Promise<{ sensor: TestSensor; commands: Subscriber }> {
    const sensor = await registerSensor(ripe);
    await sensor.addAgent('a', agentName);
    return { sensor, commands: await subscribe(sensor.broker, sensor.topic('cmd')) };
  }

  it('ThresholdAgent: an off command to one that never ran does nothing (§6.1 FIX a)', async () => {
    const { sensor, commands } = await sensorWith('ThresholdAgent');
    await commands.expect('00');
    await sensor.command('a', 0);
    await sensor.command('a', -30);
    assert.equal((await sensor.agentStatus('a')).ui.state, 'Ready');
    await sensor.command('a', 60);
    await commands.expect('01');
    await sensor.command('a', 0);
    await commands.expect('00');
  });

  it('ThresholdAgent: a command during a run moves the shown and the real end alike (§6.1 FIX b, e)', async () => {
    const { sensor, commands } = await sensorWith('ThresholdAgent');
    await sensor.command('a', 600);
    await commands.expect('00', '01');
    assert.doesNotMatch((await sensor.agentStatus('a')).ui.rendered, /-\d/);
    await sensor.command('a', 6);
    const { ui } = await sensor.agentStatus('a');
    const shownEnd = Date.parse(String(Object(ui.state).Forced));
    assert.ok(shownEnd - Date.now() < 6_100, `it ends at ${JSON.stringify(ui.state)}`);
    // The same vector once more: it expires with the run, whose end has moved.
    await commands.expect('01', '00');
    // Not before; a busy machine may hear of it late.
    const late = Date.now() - shownEnd;
    assert.ok(late > -200 && late < 4_000, `${late} ms`);
  });

  it('ThresholdAgent: refuses runs of up to 5 s, which set no cooldown (§6.1 DEPENDS, FIX c)', async () => {
    const { sensor, commands } = await sensorWith('ThresholdAgent');
    await commands.expect('00');
    for (const seconds of [1, 4, 5]) await sensor.command('a', seconds);
    await sensor.configure('a', timing(5_000, 3_600_000));
    await sensor.postData({ moisture: 1 });
    await commands.silence(200);
    await sensor.configure('a', timing(5_100, 3_600_000));
    await sensor.postData({ moisture: 1 });
    await commands.expect('01');
    await sensor.command('a', 0);
    await commands.expect('00');
  });

  it('ThresholdAgent: a limit of 0 never starts, and data without moisture is ignored (§6.1)', async () => {
    const { sensor, commands } = await sensorWith('ThresholdAgent');
    await commands.expect('00');
    await sensor.postData({ temperature: 5 });
    await sensor.configure('a', { '02_min_threshold': { IntSlider: [0, 100, 0] } });
    await sensor.postData({ moisture: -5 });
    await commands.silence(200);
    await sensor.configure('a', { '02_min_threshold': { IntSlider: [0, 100, 1] } });
    await sensor.postData({ moisture: 0.9 });
    await commands.expect('01');
    await sensor.command('a', 0);
  });

  it('PercentAgent: takes the payload by ten, and ignores what is no percentage (§6.3 DEPENDS)', async () => {
    const { sensor, commands } = await sensorWith('PercentAgent');
    await commands.expect('32');
    const sent: [number, string][] = [
      [730, '49'],
      [509, '32'],
      [1000, '64'],
      [5, '00'],
      [19, '01'],
    ];
    for (const [payload, hex] of sent) {
      await sensor.command('a', payload);
      await commands.expect(hex);
    }
    for (const payload of [1010, -10, 2 ** 40]) await sensor.command('a', payload);
    await commands.silence(200);
    const { ui } = await sensor.agentStatus('a');
    assert.deepEqual(ui.decorator, { Slider: [0, 1, 0.01] });
    assert.match(ui.rendered, /1\s*%/);
  });

  it('PercentAgent: switched off it holds 0 (§6.3)', async () => {
    const { sensor, commands } = await sensorWith('PercentAgent');
    await sensor.configure('a', { '01_active': { Switch: false } });
    await commands.expect('32', '00');
  });

  it('TimeAgent: 24 hours are always on, and read back as 24 hours (§6.2 FIX a)', async () => {
    const { sensor, commands } = await sensorWith('TimeAgent');
    await commands.expect('00');
    const slider = { TimeSlider: [0, DAY_MS, DAY_MS, 96] };
    await sensor.configure('a', { '03_slider': slider });
    await commands.expect('01');
    assert.deepEqual((await sensor.config('a'))['03_slider']?.[1], slider);
    assert.ok('Executing' in Object((await sensor.agentStatus('a')).ui.state));
    await sensor.configure('a', { '03_slider': { TimeSlider: [0, DAY_MS, 0, 96] } });
    await commands.expect('00');
  });

  it('TimeAgent: forced on outside its window, stopped inside it (§6.2)', async () => {
    const { sensor, commands } = await sensorWith('TimeAgent');
    await commands.expect('00');
    await sensor.command('a', 60);
    await commands.expect('01');
    assert.ok('Forced' in Object((await sensor.agentStatus('a')).ui.state));
    await sensor.command('a', -60);
    await commands.expect('00');
    await sensor.configure('a', { '03_slider': { TimeSlider: [0, DAY_MS, DAY_MS, 96] } });
    await commands.expect('01');
    await sensor.command('a', -60);
    await commands.expect('00');
    const { state } = (await sensor.agentStatus('a')).ui;
    assert.ok(Number.isFinite(Date.parse(String(Object(state).Stopped))), JSON.stringify(state));
    await sensor.command('a', 60);
    await commands.expect('01');
  });

  it('sends a value that did not change only once (§5.3)', async () => {
    const { sensor, commands } = await sensorWith('PercentAgent');
    await commands.expect('32');
    for (let time = 0; time < 3; time++) await sensor.command('a', 500);
    await commands.silence(200);
  });

  it('takes commands of many clients at once, each answered, the last vector true', async () => {
    const { sensor, commands } = await sensorWith('PercentAgent');
    const payloads = Array.from({ length: 20 }, (_, index) => index * 10);
    const path = `/api/agent/${sensor.id}/${base64('a')}`;
    const call = (payload: number) => curl(ripe, 'POST', path, { key: sensor.key, body: { payload } });
    for (const answer of await Promise.all(payloads.map(call))) assert.equal(accepted(answer), null);
    await sensor.command('a', 990);
    await eventually(async () => assert.equal((await commands.next()).hex, '63'));
    await commands.silence(200);
  });
});
