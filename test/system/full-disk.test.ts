import assert from 'node:assert/strict';
import path from 'node:path';
import { eventually } from '../support/eventually.ts';
import { useSubscribers } from '../support/mosquitto-clients.ts';
import { useRipe } from '../support/ripe.ts';
import { base64, registerSensor, type TestSensor } from '../support/test-sensor.ts';

const PRELOAD = path.resolve(import.meta.dirname, '../support/full-disk.js');

describe('a disk that is full', () => {
  const ripe = useRipe({
    env: () => ({ NODE_OPTIONS: `--import=${PRELOAD}` }),
    expectedErrors: /The store did not take the change/,
  });
  const subscribe = useSubscribers();
  let sensor: TestSensor;

  it('keeps a RIPE that starts on it from nothing but new work: what was on goes off at its end', async () => {
    sensor = await registerSensor(ripe);
    await sensor.addAgent('01_Pump', 'ThresholdAgent');
    await sensor.command('01_Pump', 15);
    const ends = Date.now() + 15_000;
    await ripe.stop('SIGKILL');
    await ripe.start({ DISK_IS_FULL: '1' });
    await sensor.untilBroker();
    const commands = await subscribe(sensor.broker, sensor.topic('cmd'));
    await commands.until('01', '00');
    assert.ok(Date.now() < ends + 2_000);
    // The database answers, but takes nothing.
    assert.equal((await fetch(`${ripe.url}/api/health`)).status, 200);
    await eventually(async () => {
      const ready = await fetch(`${ripe.url}/api/ready`);
      assert.deepEqual([ready.status, ((await ready.json()) as { store: boolean }).store], [503, false]);
    });
    assert.equal(
      (await sensor.agent('POST', `/${base64('01_Pump')}`, { body: { payload: 60 } })).status,
      503,
    );
  });

  it('is no matter any more once there is room', async () => {
    ripe.signal('SIGWINCH');
    await eventually(async () => assert.equal((await fetch(`${ripe.url}/api/ready`)).status, 200));
    await sensor.command('01_Pump', 60);
    const commands = await subscribe(sensor.broker, sensor.topic('cmd'));
    await commands.until('01');
  });
});
