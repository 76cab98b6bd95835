import assert from 'node:assert/strict';
import type { MqttClient } from 'mqtt';
import type { DeviceReport } from '../../src/domain/command/device-report.ts';
import type { Envelope } from '../../src/domain/command/envelope.ts';
import type { Twins } from '../../src/domain/sensor/twin.ts';
import { chain, WateredSensor } from '../support/garden-flow.ts';
import { type Received, useMqttClients } from '../support/mqtt-clients.ts';
import { LEVEL, useNodeRed } from '../support/node-red-site.ts';
import { until } from '../support/until.ts';

describe('envelopes, from the runtime to a device and back', () => {
  const site = useNodeRed();
  const mqtt = useMqttClients();
  let sensor: WateredSensor;
  let received: Received[];
  let device: MqttClient;

  async function connectDevice(): Promise<void> {
    const port = await site.mqttPort('broker');
    received = await mqtt.listen(port, `sensor/envelope/${sensor.id}/${sensor.key}`);
    device = await mqtt.connect(port);
  }

  beforeEach('a sensor with a device', async () => {
    await site.load(chain());
    sensor = new WateredSensor(site, mqtt);
    await sensor.register();
    await sensor.connect();
    await connectDevice();
  });

  const say = (report: DeviceReport) =>
    device.publishAsync(`sensor/ack/${sensor.id}/${sensor.key}`, JSON.stringify(report), { qos: 1 });
  const envelopes = () => received.map(({ payload }) => JSON.parse(payload.toString()) as Envelope);
  const holding = (value: number) =>
    until(() => envelopes().find(({ agents }) => agents[0]?.value === value));
  const command = () => (site.node('runtime').context().flow.get('sensors') as Twins)[sensor.id]?.command;

  it('tell a device until when, and what it answers is in flow context, events and REST', async () => {
    await sensor.read({ moisture: 10 });
    const { id, agents } = await holding(1);
    assert.ok(Math.abs((agents[0]?.remainingMs ?? 0) - 60_000) < 5_000);
    await say({ id, state: 'acknowledged' });
    await say({ id, state: 'observed', values: { '01_Water': 1 } });
    await until(() => command()?.state === 'observed');
    assert.deepEqual([command()?.id, command()?.observed], [id, { '01_Water': 1 }]);
    const told = () =>
      site
        .messages('events')
        .filter(({ topic }) => topic === `sensor/${sensor.id}/envelope`)
        .map(({ payload }) => payload as { id: string; state: string })
        .flatMap((event) => (event.id === id ? [event.state] : []));
    // A message takes a turn longer than the twin.
    await until(() => told().includes('observed'));
    assert.deepEqual(told(), ['queued', 'sent', 'acknowledged', 'observed']);
    const { body } = await sensor.calls.ask<{ id: string; state: string }[]>('sensorCommands', {
      sensor: sensor.id,
    });
    assert.deepEqual([body[0]?.id, body[0]?.state], [id, 'observed']);
    assert.deepEqual(site.logged(LEVEL.WARN), []);
  });

  it('are never retained: a device that connects gets one when it asks', async () => {
    await sensor.read({ moisture: 10 });
    const { id } = await holding(1);
    await connectDevice();
    assert.deepEqual(received, []);
    await say({ ask: true });
    assert.equal((await holding(1)).id, id);
    assert.ok(received.every(({ retain }) => !retain));
  });

  it('are the last word of a planned stop, too', async () => {
    await sensor.read({ moisture: 10 });
    await holding(1);
    received.length = 0;
    await site.unload();
    assert.equal((await holding(0)).agents[0]?.until, null);
  });

  it('are of a higher epoch after the runtime alone was deployed anew', async () => {
    await say({ ask: true });
    const { epoch } = await holding(0);
    const anew = chain().map((node) => (node.id === 'runtime' ? { ...node, name: 'anew' } : node));
    await site.deploy(anew, 'nodes');
    await until(() => envelopes().some((envelope) => envelope.epoch > epoch));
  });
});
