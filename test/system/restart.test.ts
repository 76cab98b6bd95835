import assert from 'node:assert/strict';
import { type Answer, accepted, curl } from '../support/curl.ts';
import { eventually } from '../support/eventually.ts';
import { publish, useSubscribers } from '../support/mosquitto-clients.ts';
import { useRipe } from '../support/ripe.ts';
import { registerSensor, type TestSensor, timing } from '../support/test-sensor.ts';

const HOUR_MS = 3_600_000;

/** Asked all the time: the moment in which HTTP answers and something is still missing may be a short one. */
async function firstAnswer(ask: () => Promise<Answer>): Promise<Answer> {
  const until = Date.now() + 30_000;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (Date.now() > until) throw error;
    }
  }
}

describe('a restart', () => {
  const ripe = useRipe();
  const subscribe = useSubscribers();

  /** Everything that REST tells of a sensor. */
  async function whole(sensor: TestSensor): Promise<object> {
    const { data, agents } = await sensor.status();
    return {
      data,
      agents: agents.map(({ domain, agent_name, ui }) => ({ domain, agent_name, ui })),
      configs: await Promise.all(agents.map(({ domain }) => sensor.config(domain))),
      rows: await sensor.rows(Date.UTC(2024, 6, 11), Date.UTC(2024, 6, 12)),
      first: (await sensor.sensor('GET', '/data/first')).body,
      log: await sensor.log(),
    };
  }

  async function livelySensor(): Promise<TestSensor> {
    const sensor = await registerSensor(ripe, 'Bäsil');
    for (const [domain, agentName] of [
      ['01_Wasser', 'ThresholdAgent'],
      ['02_Licht', 'TimeAgent'],
      ['04_Lüftung', 'PercentAgent'],
    ] as const) {
      await sensor.addAgent(domain, agentName);
    }
    await sensor.configure('01_Wasser', {
      ...timing(7_000, 45_000),
      '02_min_threshold': { IntSlider: [0, 100, 33] },
    });
    await sensor.configure('02_Licht', { '02_start_time': { DayTime: 5 * HOUR_MS } });
    await sensor.command('04_Lüftung', 730);
    for (const text of ['öne', 'two']) await publish(sensor.broker, sensor.topic('log'), text, 2);
    await eventually(async () => assert.equal((await sensor.log()).length, 2));
    await eventually(async () => assert.equal((await sensor.history()).at(-1)?.command, 73));
    for (const hour of [1, 2])
      await sensor.postData({ moisture: 70 + hour, timestamp: `2024-07-11T0${hour}:00:00Z` });
    // Its answer waits for the disk, and so for all that was taken before.
    await sensor.postData({ moisture: 60, humidity: 44.5, carbon: 400 });
    return sensor;
  }

  /** The log ring and the ids are where they were. */
  async function goesOn(sensor: TestSensor): Promise<void> {
    await publish(sensor.broker, sensor.topic('log'), 'three', 2);
    const texts = await eventually(async () => {
      const lines = await sensor.log();
      assert.equal(lines.length, 3);
      return lines.map((line) => line.replace(/^\[.*?\] /, ''));
    });
    assert.deepEqual(texts, ['öne', 'two', 'three']);
    assert.equal((await registerSensor(ripe)).id, sensor.id + 1);
  }

  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    it(`by ${signal} brings back sensors, agents, settings, rows, logs, history and held values (§6.3 FIX, §7)`, async () => {
      const sensor = await livelySensor();
      const former = await whole(sensor);
      const history = await sensor.history();
      await ripe.restart(signal);
      assert.deepEqual(await whole(sensor), former);
      assert.deepEqual((await sensor.agentStatus('04_Lüftung')).ui.decorator, { Slider: [0, 1, 0.73] });
      await sensor.untilBroker();
      const commands = await subscribe(sensor.broker, sensor.topic('cmd'));
      await commands.expect('000049');
      // §5.3: a row per agent once the vector is published again.
      const later = await eventually(async () => {
        const rows = await sensor.history();
        assert.ok(rows.length >= history.length + 3, `${rows.length} rows after ${history.length}`);
        return rows;
      });
      assert.deepEqual(later.slice(0, history.length), history);
      await goesOn(sensor);
    });
  }

  describe('by SIGKILL, at the moment in which REST answers', () => {
    let pausing: TestSensor;
    let commanded: TestSensor;

    before('a pump in its pause and a fan, and one kill for both', async () => {
      pausing = await registerSensor(ripe);
      commanded = await registerSensor(ripe);
      await pausing.addAgent('a', 'ThresholdAgent');
      await commanded.addAgent('a', 'PercentAgent');
      await pausing.configure('a', timing(6_000, HOUR_MS));
      await pausing.command('a', 60);
      await Promise.all([pausing.command('a', 0), commanded.command('a', 420)]);
      await ripe.restart('SIGKILL');
    });

    it('does not forget the last run, so the pause goes on (§6.1 FIX d)', async () => {
      await pausing.postData({ moisture: 1 });
      assert.equal((await pausing.agentStatus('a')).ui.state, 'Ready');
    });

    it('keeps what was just acknowledged over REST', async () => {
      assert.match((await commanded.agentStatus('a')).ui.rendered, /42/);
      await commanded.configure('a', { '01_active': { Switch: false } });
      await commanded.postData({ light: 9 });
      await ripe.restart('SIGKILL');
      assert.equal((await commanded.status()).data.light, 9);
      assert.deepEqual((await commanded.config('a'))['01_active']?.[1], { Switch: false });
      accepted(await curl(ripe, 'GET', '/api/health'));
    });
  });

  it('knows every sensor as soon as HTTP answers (§8 FIX)', async () => {
    const sensor = await registerSensor(ripe);
    await ripe.stop();
    const run = ripe.launch();
    const first = await firstAnswer(() => sensor.sensor('GET'));
    assert.ok(
      [200, 503].includes(first.status) || first.text.includes('Cannot GET'),
      `${first.status} ${first.text}`,
    );
    await run.untilHealthy(30_000);
    await sensor.status();
  });
});
