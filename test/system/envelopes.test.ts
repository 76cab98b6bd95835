import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { Envelope } from '../../src/domain/command/envelope.ts';
import { accepted } from '../support/curl.ts';
import { eventually } from '../support/eventually.ts';
import { useMosquitto } from '../support/mosquitto.ts';
import { publish, type Subscriber, useSubscribers } from '../support/mosquitto-clients.ts';
import { useRipe } from '../support/ripe.ts';
import { registerSensor, type TestSensor } from '../support/test-sensor.ts';

const EXPIRES_AFTER_MS = 5_000;

interface Command {
  readonly id: string;
  readonly state: string;
  readonly observed: object | null;
}

const readEnvelope = async (subscriber: Subscriber): Promise<Envelope> =>
  JSON.parse(Buffer.from((await subscriber.next()).hex, 'hex').toString()) as Envelope;

async function holding(subscriber: Subscriber, value: number): Promise<Envelope> {
  for (;;) {
    const envelope = await readEnvelope(subscriber);
    if (envelope.agents[0]?.value === value) return envelope;
  }
}

const commandsOf = async (sensor: TestSensor) => accepted<Command[]>(await sensor.sensor('GET', '/command'));

describe('a device that honours envelopes', () => {
  // A broker that outlives RIPE, and speaks MQTT 5.
  const mosquitto = useMosquitto();
  const ripe = useRipe({ env: () => ({ RIPE_BROKERS: `mqtt://127.0.0.1:${mosquitto.port}` }) });
  const subscribe = useSubscribers();

  async function pump(): Promise<TestSensor> {
    const sensor = await registerSensor(ripe);
    await sensor.addAgent('01_Pump', 'ThresholdAgent');
    return sensor;
  }

  it('learns until when, says what it does, and is read over REST', async () => {
    const sensor = await pump();
    const envelopes = await subscribe(sensor.broker, sensor.topic('envelope'));
    await sensor.command('01_Pump', 60);
    const { id, at, agents } = await holding(envelopes, 1);
    const [agent] = agents;
    assert.ok(agent?.until && agent.until > at && agent.until <= at + 60_000);
    const report = { id, state: 'observed', values: { '01_Pump': 1 } };
    await publish(sensor.broker, sensor.topic('ack'), report, 1);
    await eventually(async () => {
      const [command] = await commandsOf(sensor);
      assert.deepEqual([command?.id, command?.state, command?.observed], [id, 'observed', { '01_Pump': 1 }]);
    });
  });

  it('refuses nothing after a restart: the epoch is higher', async () => {
    const sensor = await pump();
    const envelopes = await subscribe(sensor.broker, sensor.topic('envelope'));
    await sensor.command('01_Pump', 60);
    const before = await holding(envelopes, 1);
    await ripe.stop('SIGKILL');
    await ripe.start();
    const after = await holding(envelopes, 1);
    assert.ok(after.epoch > before.epoch);
    // What it was told before still holds, and what is told now is no more: that was told when it was decided, a moment before it began.
    const moved = Number(after.agents[0]?.until) - Number(before.agents[0]?.until);
    assert.ok(Math.abs(moved) < 1_000, `${moved} ms`);
  });

  it('may be a legacy one: its vector is gone 5 s after the end, whoever has died', async () => {
    const sensor = await pump();
    const commands = await subscribe(sensor.broker, sensor.topic('cmd'));
    await sensor.command('01_Pump', 6);
    const end = Date.now() + 6_000;
    await commands.until('01', '00');
    await ripe.stop('SIGKILL');
    const early = await subscribe(sensor.broker, sensor.topic('cmd'));
    assert.deepEqual(await early.next(), { topic: sensor.topic('cmd'), hex: '01', isRetained: true });
    // mosquitto looks at its clock once a second.
    await pause(end + EXPIRES_AFTER_MS + 2_000 - Date.now());
    const late = await subscribe(sensor.broker, sensor.topic('cmd'));
    await late.silence();
    await ripe.start();
    await late.settle('00');
  });
});
