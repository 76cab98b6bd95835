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
/** Shorter than any patience of RIPE. */
const AT_ONCE_MS = 1_900;

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
    let isOnDisk = false;
    const stopped = sensor.command('01_Pump', 0).then(() => {
      isOnDisk = true;
      return performance.now() - begun;
    });
    await commands.expect('00');
    const took = performance.now() - begun;
    assert.ok(took < AT_ONCE_MS, `OFF took ${Math.round(took)} ms`);
    accepted(await curl(ripe, 'GET', '/api/health'));
    assert.ok(!isOnDisk, 'health waits for no disk');
    await publish(sensor.broker, sensor.topic('data'), { temperature: 21 }, 1);
    await eventually(async () => assert.equal((await sensor.status()).data?.temperature, 21));
    assert.ok(!isOnDisk, 'nor does a reading');

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
    const begun = performance.now();
    await publish(sensor.broker, sensor.topic('data'), { moisture: 5 }, 1);
    await commands.expect('01');
    const took = performance.now() - begun;
    ripe.signal('SIGWINCH');
    assert.ok(took >= STALL_MS && took < 2 * STALL_MS, `it took ${Math.round(took)} ms`);
  });
});

describe('while the disk hangs for longer than a commit may take', () => {
  const HANGS_MS = 9_000;
  const env = {
    NODE_OPTIONS: `--import=${PRELOAD}`,
    STALL_MS: String(HANGS_MS),
    RIPE_METRICS_TOKEN: 'figures',
  };
  const ripe = useRipe({ env: () => env });
  const subscribe = useSubscribers();

  const ask = (where: string) =>
    fetch(`${ripe.url}${where}`, { headers: { Authorization: 'Bearer figures' } });
  const answersOf = async (where: string) => {
    const answer = await ask(where);
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const pendingSeconds = async () => {
    const text = await (await ask('/metrics')).text();
    return Number(/^ripe_store_oldest_pending_commit_age_seconds (\S+)$/m.exec(text)?.[1]);
  };
  const linesWith = (text: RegExp) => ripe.lines.filter((line) => text.test(line));

  it('log, health, readiness and metrics say so; reads are refused, and what is in memory is answered', async () => {
    const sensor = await registerSensor(ripe);
    await sensor.addAgent('01_Pump', 'ThresholdAgent');
    await sensor.command('01_Pump', 600);
    const commands = await subscribe(sensor.broker, sensor.topic('cmd'));
    await commands.until('01', '00');
    assert.equal(await pendingSeconds(), 0);

    ripe.signal('SIGWINCH');
    const stopped = sensor.command('01_Pump', 0);
    await commands.expect('00');
    const waiting = sensor.sensor('GET', '/log');
    await eventually(() => assert.equal(linesWith(/The disk has not answered for 5 s/).length, 1));
    const refused = await waiting;
    assert.deepEqual([refused.status, (refused.body as { code: string }).code], [503, 'RIPE_STORE_STALLED']);
    assert.equal((await sensor.sensor('GET', '/log')).status, 503);
    const health = await answersOf('/api/health');
    assert.deepEqual(
      [health.status, health.body['healthy'], health.body['database_state']],
      [500, false, 'TIMEOUT'],
    );
    const readiness = await answersOf('/api/ready');
    assert.deepEqual([readiness.status, readiness.body['store']], [503, false]);
    assert.ok((await pendingSeconds()) >= 5);
    assert.equal((await sensor.agentStatus('01_Pump')).ui.state, 'Ready');

    await stopped;
    ripe.signal('SIGWINCH');
    await eventually(async () => assert.equal((await answersOf('/api/ready')).status, 200), 2 * HANGS_MS);
    assert.equal((await answersOf('/api/health')).status, 200);
    assert.equal(await pendingSeconds(), 0);
    assert.equal((await sensor.sensor('GET', '/log')).status, 200);
    // The commit after that one may have begun to hang as well.
    const ends = linesWith(/The disk has answered after (8|9|10)\.\d s/);
    assert.equal(ends.length, linesWith(/The disk has not answered/).length);
  });
});

describe('a RIPE that starts while the disk hangs', () => {
  const ripe = useRipe({ env: () => ({ NODE_OPTIONS: `--import=${PRELOAD}`, STALL_MS: '60000' }) });
  const subscribe = useSubscribers();

  it('makes what was on neutral at its end', async () => {
    const sensor = await registerSensor(ripe);
    await sensor.addAgent('01_Pump', 'ThresholdAgent');
    await sensor.command('01_Pump', 15);
    const ends = Date.now() + 15_000;
    await ripe.stop('SIGKILL');
    ripe.launch({ STALLS: '1' });
    await eventually(() => sensor.untilBroker(), 20_000);
    const commands = await subscribe(sensor.broker, sensor.topic('cmd'));
    await commands.until('01', '00');
    await commands.until('00', '01');
    assert.ok(Math.abs(Date.now() - ends) < AT_ONCE_MS);
    await ripe.stop('SIGKILL');
  });
});
