import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { accepted, curl } from '../support/curl.ts';
import { eventually } from '../support/eventually.ts';
import { useMosquitto } from '../support/mosquitto.ts';
import { publish, useSubscribers } from '../support/mosquitto-clients.ts';
import { type Ripe, useRipe } from '../support/ripe.ts';
import { registerSensor, type TestSensor } from '../support/test-sensor.ts';

/** Payloads of a data topic that are no reading (§4.2, §5.1). */
const NO_READINGS: readonly (string | Uint8Array)[] = [
  '',
  ' ',
  'moisture=5',
  '5',
  '"5"',
  'null',
  '[]',
  '[{"moisture":5}]',
  '{',
  "{'moisture':5}",
  '{"moisture":NaN}',
  '{"moisture":-Infinity}',
  '{"moisture":1e999}',
  '{"moisture":"5"}',
  '{"moisture":[5]}',
  '{"moisture":true}',
  '{"moisture":5,"carbon":400.5}',
  '{"moisture":5,"light":2147483648}',
  '{"moisture":5,"conductivity":"1"}',
  '{"moisture":5,"timestamp":"1970-01-01T00:00:00Z"}',
  '{"moisture":5,"timestamp":"2024-13-45"}',
  '{"moisture":5,"timestamp":"2024-07-11T20:15:01"}',
  '{"moisture":5,"timestamp":"-271821-04-20T00:00:00Z"}',
  '{"moisture":5,"timestamp":1720728901}',
  '{"moisture":5,"timestamp":{}}',
  '['.repeat(50_000),
  Buffer.from([0xff, 0xfe, 0x00, 0x80]),
  Buffer.from('{"moisture":5,"x":"\xff"}', 'latin1'),
  Buffer.from('{"moisture":5}', 'utf16le'),
  Buffer.alloc(300),
  randomBytes(2000),
];

function describeBadInput(ripe: Ripe): void {
  const subscribe = useSubscribers();

  async function pump(): Promise<TestSensor> {
    const sensor = await registerSensor(ripe);
    await sensor.addAgent('01_Pump', 'ThresholdAgent');
    return sensor;
  }

  /** Nothing of what was sent has started the pump or left a value, and the next good reading does. */
  async function isUnharmed(sensor: TestSensor): Promise<void> {
    const commands = await subscribe(sensor.broker, sensor.topic('cmd'));
    await commands.expect('00');
    assert.equal((await sensor.status()).data.moisture, null);
    assert.deepEqual(await sensor.log(), []);
    await publish(sensor.broker, sensor.topic('data'), { moisture: 5 }, 2);
    await commands.expect('01');
    await sensor.command('01_Pump', 0);
    await commands.expect('00');
    accepted(await curl(ripe, 'GET', '/api/health'));
  }

  const linesAbout = (sensor: TestSensor) =>
    ripe.lines.filter((line) => line.includes(`sensor ${sensor.id}:`) && line.includes('dropped'));
  const linesAboutUnknown = () => ripe.lines.filter((line) => line.includes('unknown sensors:'));

  it('drops payloads that are no reading, with one line per sensor and minute (§4.2, §5.1)', async () => {
    const sensors = [await pump(), await pump()];
    for (const sensor of sensors) {
      for (const [index, payload] of NO_READINGS.entries()) {
        await publish(sensor.broker, sensor.topic('data'), payload, (index % 3) as 0 | 1 | 2);
      }
      await isUnharmed(sensor);
      await eventually(() => assert.equal(linesAbout(sensor).length, 1));
    }
  });

  it('drops what comes under a wrong key or for an unknown sensor (§5.1)', async () => {
    const sensor = await pump();
    const stranger = await registerSensor(ripe);
    const { id, key } = sensor;
    const wrong = [
      stranger.key,
      key.slice(1),
      `${key}x`,
      key.toLowerCase().toUpperCase(),
      'ü',
      '$',
      '.',
      ' ',
    ];
    for (const channel of ['data', 'log', 'cmd']) {
      for (const bad of wrong)
        await publish(sensor.broker, `sensor/${channel}/${id}/${bad}`, { moisture: 5 });
      for (const unknown of [9_999_999, 0, 99_999_999_999, -1]) {
        await publish(sensor.broker, `sensor/${channel}/${unknown}/${key}`, { moisture: 5 }, 1);
      }
    }
    await isUnharmed(sensor);
    assert.ok(linesAbout(sensor).length <= 1);
    assert.ok(linesAboutUnknown().length <= 1);
  });

  it('ignores topics that are deeper, shorter or of other words (§5.1)', async () => {
    const sensor = await pump();
    const { id, key } = sensor;
    const topics = [
      `sensor/data/${id}/${key}/more`,
      `sensor/data/${id}`,
      `sensor/data/${id}/`,
      `sensor/data/${id}//${key}`,
      `/sensor/data/${id}/${key}`,
      `sensor/data/0${id}/${key}`,
      `sensor/data/+${id}/${key}`.replace('+', '%2B'),
      `sensor/data/${id}.0/${key}`,
      `sensor/data/1e0/${key}`,
      `sensor/data/abc/${key}`,
      `sensor/data/${'9'.repeat(400)}/${key}`,
      `Sensor/data/${id}/${key}`,
      `sensor/DATA/${id}/${key}`,
      `sensor/cmd/${id}/${key}x`,
      `sensor/${id}/${key}`,
      'sensor',
      '/'.repeat(90),
      'a/'.repeat(90),
      'ripe/master/x',
      `${'x'.repeat(20_000)}`,
    ];
    for (const topic of topics) await publish(sensor.broker, topic, { moisture: 5 }, 1);
    // So deep that a broker may throw the client out.
    for (const topic of ['/'.repeat(150), `sensor/data/${id}/${key}${'/x'.repeat(250)}`]) {
      await publish(sensor.broker, topic, { moisture: 5 }, 1).catch(() => {});
    }
    await isUnharmed(sensor);
    assert.equal(linesAbout(sensor).length, 0);
  });

  it('drops a log line that is not UTF-8, and keeps the others (§5.1)', async () => {
    const sensor = await registerSensor(ripe);
    for (const text of [Buffer.from([0xc3, 0x28]), randomBytes(1000), Buffer.from('a\xfcb', 'latin1')]) {
      await publish(sensor.broker, sensor.topic('log'), text, 2);
    }
    await publish(sensor.broker, sensor.topic('log'), 'still here', 2);
    await eventually(async () => assert.equal((await sensor.log()).length, 1));
    assert.ok(linesAbout(sensor).length <= 1);
  });

  it('prints no key, no stack trace and no error for any of that', () => {
    ripe.checkOutput();
  });
}

describe('bad input over MQTT, at the embedded broker', () => {
  const ripe = useRipe();
  const subscribe = useSubscribers();
  describeBadInput(ripe);

  it('takes no command and no master from a client, and shows nobody the topics of others', async () => {
    const sensor = await registerSensor(ripe);
    await sensor.addAgent('a', 'PercentAgent');
    const commands = await subscribe(sensor.broker, sensor.topic('cmd'));
    const master = await subscribe(sensor.broker, 'ripe/master');
    await commands.expect('32');
    for (const topic of [sensor.topic('cmd'), 'ripe/master', '$SYS/x']) {
      await publish(sensor.broker, topic, 'master', 2);
    }
    const spies = await Promise.all(
      ['#', 'sensor/#', 'sensor/+/+/+', `sensor/data/${sensor.id}/+`, '$SYS/#', '$ripe/#', '+/+'].map(
        (filter) => subscribe({ ...sensor.broker, credentials: null }, filter),
      ),
    );
    await sensor.command('a', 700);
    await commands.expect('46');
    await publish(sensor.broker, sensor.topic('data'), { moisture: 50 }, 2);
    for (const spy of [...spies, master, commands]) await spy.silence(50);
  });

  it('drops a message that is too large, and the client that sends it', async () => {
    const sensor = await registerSensor(ripe);
    for (const size of [70_000, 250_000, 300_000]) {
      const payload = `{"moisture":5,"x":"${'x'.repeat(size)}"}`;
      await publish(sensor.broker, sensor.topic('data'), payload, 0).catch(() => {});
    }
    await publish(sensor.broker, sensor.topic('data'), { humidity: 44 }, 2);
    await eventually(async () => assert.equal((await sensor.status()).data.humidity, 44));
    assert.equal((await sensor.status()).data.moisture, null);
  });
});

describe('bad input over MQTT, at a mosquitto of RIPE_BROKERS', () => {
  const mosquitto = useMosquitto();
  describeBadInput(useRipe({ env: () => ({ RIPE_BROKERS: `mqtt://127.0.0.1:${mosquitto.port}` }) }));
});
