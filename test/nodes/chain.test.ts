import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { chain, WateredSensor } from '../support/garden-flow.ts';
import { useMqttClients } from '../support/mqtt-clients.ts';
import { LEVEL, useNodeRed } from '../support/node-red-site.ts';
import { wired } from '../support/ripe-flow.ts';
import { until } from '../support/until.ts';

const RUN_MS = 300;

describe('RIPE wired together', () => {
  const site = useNodeRed();
  const mqtt = useMqttClients();
  const types = ['function/10-function'];

  const func = (id: string, code: string, to: string) =>
    wired(id, 'function', { func: code, outputs: 1, initialize: '', finalize: '', libs: [] }, [to]);
  const decisions = () =>
    site
      .messages('events')
      .filter(({ topic }) => topic?.endsWith('/decision'))
      .map(({ payload }) => payload as { event: string; because: { code: string }; job: string | null });

  it('waters a dry plant, and stops', async () => {
    await site.load(chain());
    const sensor = new WateredSensor(site, mqtt);
    await sensor.register(RUN_MS);
    await sensor.connect();
    await sensor.holds(0);
    await sensor.read({ moisture: 10 });
    await sensor.holds(1);
    await sensor.holds(0);
    const { payload } = await site.message('jobs', 'job/finished');
    const { owner, at, startedAt, endsAt } = payload as Record<string, number> & { owner: string };
    assert.equal(owner, `${sensor.id}/01_Water`);
    assert.equal(Number(endsAt) - Number(startedAt), RUN_MS);
    assert.ok(Number(at) >= Number(endsAt), 'it has run until its end');
    assert.deepEqual(await site.garden.store.openJobs(), [], 'delivered, so it is closed');
    const hour = 3_600_000;
    const range = { from: Date.now() - hour, until: Date.now() + hour };
    const { body } = await sensor.calls.ask<{ command: number }[]>('commandHistory', {
      sensor: sensor.id,
      range,
    });
    assert.deepEqual(
      body.map((row) => row.command),
      [0, 1, 0],
    );
    assert.deepEqual(site.logged(LEVEL.WARN), []);
  });

  it('stops earlier where somebody tightens the longest run meanwhile', async () => {
    await site.load(chain());
    const sensor = new WateredSensor(site, mqtt);
    await sensor.register();
    await sensor.connect();
    await sensor.read({ moisture: 10 });
    await sensor.holds(1);
    const body = { limits: { longestRunMs: 700 } };
    const { statusCode } = await sensor.calls.ask('patchSettings', {
      sensor: sensor.id,
      domain: '01_Water',
      body,
    });
    assert.equal(statusCode, 200);
    // Its own end were a minute after its begin.
    await sensor.holds(0);
    assert.equal(
      ((await site.message('jobs', 'job/finished')).payload as { sensor: number }).sensor,
      sensor.id,
    );
  });

  it('carries the key on no wire but the one from the pool to the runtime', async () => {
    await site.load(chain());
    const sensor = new WateredSensor(site, mqtt);
    await sensor.register(RUN_MS);
    await sensor.connect();
    await sensor.read({ moisture: 10 });
    await site.message('jobs', 'job/finished');
    const holders = site.sent.filter(({ message }) => inspect(message, { depth: null }).includes(sensor.key));
    const wires = new Set(
      holders.map(({ from, port, message }) => `${from} ${port} ${message.topic ?? 'reply'}`),
    );
    assert.deepEqual(
      [...wires],
      ['runtime 4 reply', `pool 0 sensor/data/${sensor.id}/${sensor.key}`],
      'the reply to the registration, and the reading',
    );
  });

  it('tells the agent that a job was refused which a node on the wire has dropped', async () => {
    const rain = func('rain', "return msg.topic === 'job/start' ? null : msg;", 'runner');
    await site.load(chain({ jobs: 'rain', more: [rain] }), { types });
    const sensor = new WateredSensor(site, mqtt);
    await sensor.register(RUN_MS);
    await sensor.connect();
    await sensor.holds(0);
    const before = sensor.vectors.length;
    await sensor.read({ moisture: 10 });
    const { job } = await until(() => decisions().find((decision) => decision.job !== null));
    const ended = await until(() => decisions().find(({ event }) => event === 'jobEnded'), 7_000);
    assert.equal(ended.because.code, 'refused');
    assert.deepEqual(await site.garden.store.openJobs(), []);
    assert.equal(
      sensor.vectors.slice(before).some(({ payload }) => payload[0] !== 0),
      false,
      'never on',
    );
    assert.ok(site.sent.some(({ from, message }) => from === 'runtime' && message.topic === 'job/start'));
    assert.equal(site.messages('jobs').length, 0, `the runner knows nothing of ${job}`);
  });

  it('lets a node on the readings wire calibrate what a sensor says', async () => {
    const code = `
      const reading = JSON.parse(msg.payload.toString());
      reading.moisture = (reading.moisture - 310) / (640 - 310) * 100;
      msg.payload = Buffer.from(JSON.stringify(reading));
      return msg;`;
    await site.load(chain({ readings: 'calibrate', more: [func('calibrate', code, 'runtime')] }), { types });
    const sensor = new WateredSensor(site, mqtt);
    await sensor.register();
    await sensor.connect();
    await sensor.holds(0);
    await sensor.read({ moisture: 475 });
    const { payload } = await site.message('events', `sensor/${sensor.id}/reading`);
    assert.equal((payload as { reading: { moisture: number } }).reading.moisture, 50);
    await sensor.read({ moisture: 330 });
    await sensor.holds(1);
  });
});
