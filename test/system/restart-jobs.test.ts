import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../support/eventually.ts';
import { useMosquitto } from '../support/mosquitto.ts';
import { useSubscribers } from '../support/mosquitto-clients.ts';
import { useRipe } from '../support/ripe.ts';
import { registerSensor, type TestSensor } from '../support/test-sensor.ts';

/** The end of a forced run, as REST tells it; ms UTC. */
async function endOf(sensor: TestSensor): Promise<number> {
  const { state } = (await sensor.agentStatus('01_Pump')).ui;
  return Date.parse((state as { Forced: string }).Forced);
}

describe('water that runs when RIPE stops', () => {
  // A broker that outlives RIPE.
  const mosquitto = useMosquitto();
  const ripe = useRipe({ env: () => ({ RIPE_BROKERS: `mqtt://127.0.0.1:${mosquitto.port}` }) });
  const subscribe = useSubscribers();

  /** REST answers when the job is on disk; the broker has its vector a moment later. */
  async function runningPump(): Promise<TestSensor> {
    const sensor = await registerSensor(ripe);
    await sensor.addAgent('01_Pump', 'ThresholdAgent');
    await sensor.addAgent('02_Fan', 'PercentAgent');
    await sensor.command('01_Pump', 600);
    return sensor;
  }

  it('is off before the process is gone, after SIGTERM, and goes on when it is back', async () => {
    const sensor = await runningPump();
    const commands = await subscribe(sensor.broker, sensor.topic('cmd'));
    await commands.until('0132', '0032', '00');
    const { code } = await ripe.stop('SIGTERM');
    assert.equal(code, 0);
    const late = await subscribe(sensor.broker, sensor.topic('cmd'));
    await late.expect('0032');
    await commands.expect('0032');
    await ripe.start();
    // What the job wants, from the first vector on: nothing blinks.
    await commands.expect('0132');
    await sensor.command('01_Pump', 0);
    await commands.until('0032', '0132');
  });

  it('goes on until its announced end, never longer, after SIGKILL (§8)', async () => {
    const sensor = await runningPump();
    // Longer than a restart takes on a busy machine.
    await sensor.command('01_Pump', 15);
    const announced = await endOf(sensor);
    const commands = await subscribe(sensor.broker, sensor.topic('cmd'));
    await commands.until('0132', '0032', '00');
    await ripe.stop('SIGKILL');
    commands.forget();
    await ripe.start();
    await commands.expect('0132');
    assert.equal(await endOf(sensor), announced);
    await eventually(
      async () => assert.equal((await sensor.agentStatus('01_Pump')).ui.state, 'Ready'),
      20_000,
    );
    // As RIPE has it: how late a busy machine hears of it says nothing.
    const off = await eventually(async () => {
      const last = (await sensor.history()).findLast(({ domain }) => domain === '01_Pump');
      assert.equal(last?.command, 0);
      return Date.parse(`${last.created_at}Z`);
    });
    assert.ok(Math.abs(off - announced) < 2_000, `off ${off - announced} ms after the announced end`);
    await commands.until('0032', '0132');
  });

  it('is off, and stays off, when RIPE is back after its announced end', async () => {
    const sensor = await runningPump();
    await sensor.command('01_Pump', 6);
    const commands = await subscribe(sensor.broker, sensor.topic('cmd'));
    await commands.until('0132', '0032', '00');
    await ripe.stop('SIGKILL');
    await pause(6_000);
    commands.forget();
    await ripe.start();
    await commands.settle('0032');
    assert.equal((await sensor.agentStatus('01_Pump')).ui.state, 'Ready');
  });

  it('makes every client ask for a broker: the will `master` on ripe/master, not retained (§5.1, §5.2)', async () => {
    const sensor = await registerSensor(ripe);
    const master = await subscribe(sensor.broker, 'ripe/master');
    await ripe.stop('SIGKILL');
    const hex = Buffer.from('master').toString('hex');
    assert.deepEqual(await master.next(), { topic: 'ripe/master', hex, isRetained: false });
    const late = await subscribe(sensor.broker, 'ripe/master');
    await late.silence(200);
    await ripe.start();
  });

  it('repairs every vector when the broker comes back, and names no broker meanwhile (§5.3, §8)', async () => {
    const sensor = await runningPump();
    await mosquitto.stop();
    await eventually(async () => assert.deepEqual((await sensor.status()).broker.items, []));
    await sensor.command('01_Pump', 0);
    await mosquitto.start();
    await sensor.untilBroker();
    const commands = await subscribe(sensor.broker, sensor.topic('cmd'));
    await eventually(async () => assert.equal((await commands.next()).hex, '0032'));
  });

  it('takes registrations without a broker, and keeps them (§3 FIX)', async () => {
    await mosquitto.stop();
    const neighbour = await eventually(async () => {
      const response = await fetch(`${ripe.url}/api/sensor`, {
        method: 'POST',
        body: '{}',
        headers: { 'content-type': 'application/json' },
      });
      assert.equal(response.status, 200);
      const body = (await response.json()) as { id: number; key: string; broker: { items: unknown[] } };
      ripe.keepSecret(body.key);
      assert.deepEqual(body.broker.items, []);
      return body;
    });
    await mosquitto.start();
    await ripe.restart();
    const response = await fetch(`${ripe.url}/api/sensor/${neighbour.id}`, {
      headers: { 'X-KEY': neighbour.key },
    });
    assert.equal(response.status, 200);
  });
});

describe('water that runs when RIPE stops, at the embedded broker', () => {
  const ripe = useRipe();
  const subscribe = useSubscribers();

  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    it(`goes on after a restart by ${signal}, and can be stopped`, async () => {
      const sensor = await registerSensor(ripe);
      await sensor.addAgent('01_Pump', 'ThresholdAgent');
      const commands = await subscribe(sensor.broker, sensor.topic('cmd'));
      await sensor.command('01_Pump', 600);
      await commands.expect('00', '01');
      await ripe.restart(signal);
      await sensor.untilBroker();
      const late = await subscribe(sensor.broker, sensor.topic('cmd'));
      await late.settle('01');
      await sensor.command('01_Pump', 0);
      await late.settle('00');
      if (signal === 'SIGTERM') await commands.expect('00');
    });
  }
});
