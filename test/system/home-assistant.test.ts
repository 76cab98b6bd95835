import assert from 'node:assert/strict';
import { connectAsync, type MqttClient } from 'mqtt';
import { accepted, curl } from '../support/curl.ts';
import { eventually } from '../support/eventually.ts';
import { FakeHome } from '../support/fake-home.ts';
import { useMosquitto } from '../support/mosquitto.ts';
import { publish } from '../support/mosquitto-clients.ts';
import { useMqttClients } from '../support/mqtt-clients.ts';
import { type Ripe, useRipe } from '../support/ripe.ts';
import { registerSensor, type TestSensor } from '../support/test-sensor.ts';

const LOGIN = { username: 'home', password: 'sweet home' };

interface Home {
  readonly client: MqttClient;
  readonly seen: FakeHome;
}

/** Hears what Home Assistant would subscribe to. */
async function connectHome(port: number): Promise<Home> {
  const address = { protocol: 'mqtt', host: '127.0.0.1', port, reconnectPeriod: 0 } as const;
  const client = await connectAsync({ ...address, ...LOGIN });
  const seen = new FakeHome();
  client.on('message', (topic, payload, { qos }) => {
    seen.receive({ topic, payload: payload.toString(), qos: qos === 0 ? 0 : 1, retain: true });
  });
  await client.subscribeAsync(['homeassistant/#', 'ripe/ha/#'], { qos: 1 });
  return { client, seen };
}

describe('Home Assistant at the embedded broker', () => {
  const ripe = useRipe({ env: () => ({ RIPE_HOME_ASSISTANT: `${LOGIN.username}:${LOGIN.password}` }) });
  const mqtt = useMqttClients();
  describeHome(ripe, () => ripe.mqttPort);

  it('may use what is for it, and nothing else', async () => {
    const sensor = await registerSensor(ripe);
    const home = await mqtt.connect(ripe.mqttPort, LOGIN);
    const granted = async (topic: string) => {
      const { promise, resolve } = Promise.withResolvers<number>();
      home.subscribe(topic, { qos: 1 }, (_error, _grants, packet) => resolve(Number(packet?.granted[0])));
      return promise;
    };
    for (const topic of ['homeassistant/#', 'ripe/ha/#']) assert.equal(await granted(topic), 1, topic);
    for (const topic of ['#', 'sensor/data/+/+', sensor.topic('cmd'), 'ripe/master', '$SYS/#']) {
      assert.equal(await granted(topic), 128, topic);
    }
    await home.publishAsync(sensor.topic('data'), '{"moisture":1}', { qos: 1 });
    await home.publishAsync('ripe/ha/availability', 'offline', { qos: 1, retain: true });
    const state = new Map<string, string>();
    const watcher = await mqtt.connect(ripe.mqttPort, LOGIN);
    watcher.on('message', (topic, payload) => state.set(topic, payload.toString()));
    await watcher.subscribeAsync('ripe/ha/#', { qos: 1 });
    await eventually(async () => assert.equal(state.get('ripe/ha/availability'), 'online'));
    assert.equal((await sensor.status()).data.moisture, null);
  });

  it('is not let in with another password; nobody else sees or commands what is for it', async () => {
    await assert.rejects(mqtt.connect(ripe.mqttPort, { ...LOGIN, password: 'wrong' }));
    const stranger = await mqtt.connect(ripe.mqttPort);
    const { promise, resolve } = Promise.withResolvers<number>();
    stranger.subscribe('ripe/ha/#', { qos: 0 }, (_error, _grants, packet) =>
      resolve(Number(packet?.granted[0])),
    );
    assert.equal(await promise, 128);
    const sensor = await registerSensor(ripe);
    await sensor.addAgent('01_Water', 'ThresholdAgent');
    await stranger.publishAsync(`ripe/ha/${sensor.id}/01_Water/set`, 'ON', { qos: 1 });
    const home = await mqtt.connect(ripe.mqttPort, LOGIN);
    await home.publishAsync(`ripe/ha/${sensor.id}/01_Water/set`, 'toggle', { qos: 1 });
    await eventually(async () => assert.equal((await sensor.agentStatus('01_Water')).ui.state, 'Ready'));
  });
});

describe('Home Assistant at a mosquitto', () => {
  const mosquitto = useMosquitto();
  const ripe = useRipe({
    env: () => ({ RIPE_HOME_ASSISTANT: 'on', RIPE_BROKERS: `mqtt://127.0.0.1:${mosquitto.port}` }),
  });
  describeHome(ripe, () => mosquitto.port);

  it('sees RIPE go, and come back', async () => {
    const { client, seen } = await connectHome(mosquitto.port);
    const isThere = (state: string) =>
      eventually(() => assert.equal(seen.retained.get('ripe/ha/availability'), state));
    await isThere('online');
    await ripe.stop();
    await isThere('offline');
    await ripe.start();
    await isThere('online');
    await client.endAsync(true);
  });
});

/** A client that does what Home Assistant does: it goes by the discovery messages alone. */
function describeHome(ripe: Ripe, port: () => number): void {
  const open: Home[] = [];
  let sensor: TestSensor;

  beforeEach('register a sensor with a pump', async () => {
    sensor = await registerSensor(ripe, 'Bed 3');
    await sensor.addAgent('01_Water', 'ThresholdAgent');
  });
  afterEach('end Home Assistant', async () => {
    for (const { client } of open.splice(0)) await client.endAsync(true);
  });

  async function start(): Promise<Home> {
    const home = await connectHome(port());
    open.push(home);
    return home;
  }
  const device = (home: Home) =>
    eventually(async () => {
      const found = home.seen.deviceOf(sensor.id);
      assert.ok(found?.components['agent_01_Water'], 'the device is announced with its pump');
      return found;
    });

  it('sees the device, its readings, and no key', async () => {
    const home = await start();
    await publish(sensor.broker, sensor.topic('data'), { moisture: 42, temperature: 21.5 }, 1);
    await eventually(async () => {
      const { components } = await device(home);
      assert.deepEqual(Object.keys(components), ['moisture', 'temperature', 'agent_01_Water']);
      const topic = String(components['moisture']?.['state_topic']);
      const { moisture, temperature } = JSON.parse(home.seen.retained.get(topic) ?? '{}');
      assert.deepEqual([moisture, temperature], [42, 21.5]);
    });
    const { device: info, availability } = await device(home);
    assert.equal(info['name'], 'Bed 3');
    for (const { topic } of availability) assert.equal(home.seen.retained.get(topic), 'online', topic);
    for (const [topic, payload] of home.seen.retained)
      assert.ok(!`${topic}${payload}`.includes(sensor.key), topic);
  });

  it('switches the pump on and off', async () => {
    const home = await start();
    const { components } = await device(home);
    const pump = components['agent_01_Water'] ?? assert.fail('no pump');
    const commandTopic = String(pump['command_topic']);
    const state = () => home.seen.retained.get(String(pump['state_topic']));
    await eventually(async () => assert.equal(state(), 'OFF'));
    await home.client.publishAsync(commandTopic, String(pump['payload_on']));
    await eventually(async () => assert.equal(state(), 'ON'));
    const { ui } = await sensor.agentStatus('01_Water');
    const end = Date.parse((ui.state as { Forced: string }).Forced);
    assert.ok(end > Date.now() + 30_000 && end < Date.now() + 70_000, 'for its usual minute');
    await home.client.publishAsync(commandTopic, String(pump['payload_off']));
    await eventually(async () => assert.equal(state(), 'OFF'));
    assert.equal((await sensor.agentStatus('01_Water')).ui.state, 'Ready');
  });

  it('sees what is removed go, and everything again when it has started', async () => {
    const home = await start();
    await device(home);
    await home.client.publishAsync('homeassistant/status', 'online');
    await sensor.agent('DELETE', '', { body: { domain: '01_Water', agent_name: 'ThresholdAgent' } });
    await eventually(() => assert.deepEqual(home.seen.deviceOf(sensor.id)?.components, {}));
    const body = { id: sensor.id, key: sensor.key, broker: { items: [] } };
    accepted(await curl(ripe, 'DELETE', '/api/sensor', { body }));
    await eventually(async () => {
      const left = [...home.seen.retained.keys()].filter((topic) =>
        topic.startsWith(`ripe/ha/${sensor.id}/`),
      );
      assert.deepEqual([home.seen.deviceOf(sensor.id), left], [undefined, []]);
    });
  });
}
