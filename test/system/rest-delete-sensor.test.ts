import assert from 'node:assert/strict';
import { accepted, curl, refused } from '../support/curl.ts';
import { eventually } from '../support/eventually.ts';
import { useMosquitto } from '../support/mosquitto.ts';
import { publish, useSubscribers } from '../support/mosquitto-clients.ts';
import { useRipe } from '../support/ripe.ts';
import { base64, range, registerSensor, type TestSensor } from '../support/test-sensor.ts';

const BROKERS = { items: [] };

describe('REST: deleting a sensor (§3 FIX)', () => {
  // A broker of its own: the embedded one lets nobody look at a topic whose sensor is gone.
  const mosquitto = useMosquitto();
  const ripe = useRipe({ env: () => ({ RIPE_BROKERS: `mqtt://127.0.0.1:${mosquitto.port}` }) });
  const subscribe = useSubscribers();

  const remove = (body: object) => curl(ripe, 'DELETE', '/api/sensor', { body });

  /** With data, log lines and commands: in the original none of them could be deleted. */
  async function livelySensor(): Promise<TestSensor> {
    const sensor = await registerSensor(ripe);
    await sensor.addAgent('01_Pump', 'ThresholdAgent');
    await sensor.addAgent('02_Fan', 'PercentAgent');
    await publish(sensor.broker, sensor.topic('data'), { moisture: 55 }, 2);
    await publish(sensor.broker, sensor.topic('log'), 'hello', 2);
    await sensor.command('01_Pump', 600);
    await eventually(async () => assert.equal((await sensor.log()).length, 1));
    await eventually(async () => assert.ok((await sensor.history()).some(({ command }) => command === 1)));
    return sensor;
  }

  it('changes nothing with a wrong key', async () => {
    const sensor = await livelySensor();
    const stranger = await registerSensor(ripe);
    const commands = await subscribe(sensor.broker, sensor.topic('cmd'));
    await commands.expect('0132');
    for (const key of [stranger.key, '', sensor.key.slice(1), `${sensor.key}x`, 'ü']) {
      refused(await remove({ id: sensor.id, key, broker: BROKERS }), 400);
    }
    refused(await remove({ id: sensor.id, key: 5, broker: BROKERS }), 400, 'key');
    refused(await remove({ id: String(sensor.id), key: sensor.key, broker: BROKERS }), 400, 'id');
    refused(await remove({ id: sensor.id + 0.5, key: sensor.key, broker: BROKERS }), 400, 'id');
    refused(await remove({ key: sensor.key, broker: BROKERS }), 400, 'id');
    refused(await remove({ id: sensor.id, broker: BROKERS }), 400, 'key');
    refused(await remove({ id: 9_999_999, key: sensor.key, broker: BROKERS }), 400);
    const { agents, data } = await sensor.status();
    assert.equal(agents.length, 2);
    assert.equal(data.moisture, 55);
    assert.equal((await sensor.log()).length, 1);
    await commands.silence(200);
    await sensor.command('01_Pump', 0);
  });

  it('ends everything of the sensor: actuators off, then no retained vector, then it is unknown', async () => {
    const sensor = await livelySensor();
    const commands = await subscribe(sensor.broker, sensor.topic('cmd'));
    await commands.expect('0132');
    const answer = await remove({ id: sensor.id, key: sensor.key, broker: BROKERS, further: 1 });
    assert.deepEqual(accepted(answer), { id: sensor.id, key: sensor.key, broker: BROKERS });
    const last: string[] = [];
    while (last.at(-1) !== '') last.push((await commands.next()).hex);
    assert.equal(last.at(-2), '0000', `the vectors were ${last}`);
    const late = await subscribe(sensor.broker, sensor.topic('cmd'));
    await late.silence();
    await isUnknown(sensor);
    refused(await remove({ id: sensor.id, key: sensor.key, broker: BROKERS }), 400);
  });

  async function isUnknown(sensor: TestSensor): Promise<void> {
    const hour = range(Date.now() - 3_600_000, Date.now());
    for (const path of ['', '/log', '/data/first', `/data?${hour}`]) {
      refused(await sensor.sensor('GET', path), 400);
    }
    refused(await sensor.sensor('POST', '/data', { body: { moisture: 5 } }), 400);
    refused(await sensor.sensor('POST', '/reload'), 400);
    refused(await sensor.agent('GET', `?${hour}`), 400);
    refused(await sensor.agent('POST', '', { body: { domain: 'a', agent_name: 'TimeAgent' } }), 400);
    refused(await sensor.agent('POST', `/${base64('01_Pump')}`, { body: { payload: 60 } }), 400);
    refused(await sensor.agent('GET', `/${base64('01_Pump')}/config`), 400);
  }

  it('drops what its device still publishes, and keeps it deleted after a restart', async () => {
    const sensor = await livelySensor();
    const { id, key } = sensor;
    accepted(await remove({ id, key }));
    await publish(sensor.broker, sensor.topic('data'), { moisture: 5 }, 2);
    await ripe.restart();
    await publish(sensor.broker, sensor.topic('data'), { moisture: 5 }, 2);
    await isUnknown(sensor);
    const next = await registerSensor(ripe);
    assert.ok(next.id > id, 'its id is not given out again');
    const late = await subscribe(sensor.broker, sensor.topic('cmd'));
    await late.silence();
  });

  it('deletes a sensor that never had anything', async () => {
    const sensor = await registerSensor(ripe);
    accepted(await remove({ id: sensor.id, key: sensor.key, broker: BROKERS }));
    refused(await sensor.sensor('GET'), 400);
  });
});
