import assert from 'node:assert/strict';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { accepted, curl } from '../support/curl.ts';
import { eventually } from '../support/eventually.ts';
import { publish, useSubscribers } from '../support/mosquitto-clients.ts';
import { useRipe } from '../support/ripe.ts';
import { registerSensor } from '../support/test-sensor.ts';

const PRELOAD = path.resolve(import.meta.dirname, '../support/stalling-disk.js');
/** As long as a bad card may take. */
const STALL_MS = 4_000;
/** What a busy machine may need for what waits for no disk. */
const AT_ONCE_MS = 1_500;

describe('while the disk hangs in a commit', () => {
  const ripe = useRipe({
    env: () => ({ NODE_OPTIONS: `--import=${PRELOAD}`, STALL_MS: String(STALL_MS) }),
  });
  const subscribe = useSubscribers();

  it('water stops at once, readings are taken, and RIPE answers', async () => {
    const sensor = await registerSensor(ripe);
    await sensor.addAgent('01_Pump', 'ThresholdAgent');
    await sensor.command('01_Pump', 600);
    const commands = await subscribe(sensor.broker, sensor.topic('cmd'));
    await commands.until('01', '00');

    ripe.signal('SIGWINCH');
    const begun = performance.now();
    const within = (what: string, ms = AT_ONCE_MS) => {
      const took = performance.now() - begun;
      assert.ok(took < ms, `${what} took ${Math.round(took)} ms`);
    };
    const stopped = sensor.command('01_Pump', 0).then(() => performance.now() - begun);
    await commands.expect('00');
    within('OFF');
    accepted(await curl(ripe, 'GET', '/api/health'));
    within('health');
    await publish(sensor.broker, sensor.topic('data'), { temperature: 21 }, 1);
    await eventually(async () => assert.equal((await sensor.status()).data?.temperature, 21));
    within('a reading');

    // It is acknowledged once it is on disk, not before.
    assert.ok((await stopped) >= STALL_MS);
    ripe.signal('SIGWINCH');
    assert.equal((await sensor.agentStatus('01_Pump')).ui.state, 'Ready');
    await eventually(async () => {
      const rows = await sensor.rows(Date.now() - 3_600_000, Date.now() + 3_600_000);
      assert.deepEqual(
        rows.map(({ temperature }) => temperature),
        [21],
      );
    }, 3 * STALL_MS);
  });

  it('a pump waits for one commit, with all of its reading, decision, run and command', async () => {
    const sensor = await registerSensor(ripe);
    await sensor.addAgent('01_Pump', 'ThresholdAgent');
    const commands = await subscribe(sensor.broker, sensor.topic('cmd'));
    await commands.settle('00');

    ripe.signal('SIGWINCH');
    await publish(sensor.broker, sensor.topic('data'), { moisture: 5 }, 1);
    const begun = performance.now();
    await commands.expect('01');
    const took = performance.now() - begun;
    ripe.signal('SIGWINCH');
    assert.ok(took > STALL_MS - AT_ONCE_MS && took < STALL_MS + AT_ONCE_MS, `it took ${Math.round(took)} ms`);
  });
});
