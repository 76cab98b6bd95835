import assert from 'node:assert/strict';
import { eventually } from '../support/eventually.ts';
import { chain, WateredSensor } from '../support/garden-flow.ts';
import { useMqttClients } from '../support/mqtt-clients.ts';
import { LEVEL, type Message, useNodeRed } from '../support/node-red-site.ts';
import { inGarden, probe, tab, wired } from '../support/ripe-flow.ts';
import { until } from '../support/until.ts';
import { agentIn, func, wetAgent, wetCode } from '../support/wire-flow.ts';

const types = ['function/10-function'];

describe('an agent made of wires', () => {
  const site = useNodeRed();
  const mqtt = useMqttClients();

  async function garden(...more: Parameters<typeof wetAgent>): Promise<WateredSensor> {
    await site.load(chain({ more: wetAgent(...more) }), { types });
    const sensor = new WateredSensor(site, mqtt);
    await sensor.registerAs('WetAgent');
    await sensor.connect();
    await sensor.holds(0);
    return sensor;
  }
  const question = (topic: string) => site.message('asked', topic);
  const agentOf = async (sensor: WateredSensor) => {
    const { body } = await sensor.calls.ask<{ agents: { ui: { rendered: string; state: unknown } }[] }>(
      'status',
      { sensor: sensor.id },
    );
    return body.agents[0]?.ui;
  };
  const decided = (code: string) =>
    until(() => {
      const decisions = site.messages('events').filter(({ topic }) => topic?.endsWith('/decision'));
      return decisions.find(
        ({ payload }) => (payload as { because: { code: string } }).because.code === code,
      );
    });

  it('waters a dry plant, and not a wet one', async () => {
    const sensor = await garden(wetCode(20, '300 ms'));
    const { body } = await sensor.calls.ask<string[]>('listAgentTypes');
    assert.ok(body.includes('WetAgent'), String(body));
    await sensor.read({ moisture: 60 });
    await question('agent/reading');
    await sensor.read({ moisture: 10 });
    await sensor.holds(1);
    await sensor.holds(0);
    await site.message('jobs', 'job/finished');
    await question('agent/jobEnded');
    assert.equal(site.messages('jobs').filter(({ topic }) => topic === 'job/started').length, 1);
    await decided('said');
    assert.deepEqual(site.logged(LEVEL.WARN), []);
  });

  it('asks by a documented message, of which everything may be changed', async () => {
    const settings = [{ kind: 'timeSlider', key: 'duration', lower: '0', upper: '600', default: '30' }];
    const spoil = `
      msg.view.state.broken = true;
      msg.view.settings.duration = -1;
      if (msg.payload.type === 'reading') msg.payload.reading.moisture = 1;
      msg.payload = null;
      return msg;`;
    const sensor = await garden(spoil, { settings });
    await sensor.read({ moisture: 18.5 });
    await sensor.read({ moisture: 19 });
    const { view, agentName, payload } = (await site.message('asked', ({ payload: event }) => {
      const { reading } = event as { reading?: { moisture: number } };
      return reading?.moisture === 19;
    })) as Message & { view: Record<string, unknown> };
    const event = payload as { type: string; at: number; reading: unknown };
    assert.deepEqual([agentName, event.type, typeof event.at], ['WetAgent', 'reading', 'number']);
    assert.deepEqual(view['reading'], event.reading);
    assert.deepEqual(
      [view['state'], view['settings'], view['value'], view['job']],
      [{}, { duration: 30_000 }, 0, null],
    );
    assert.ok(!JSON.stringify(site.messages('asked')).includes(sensor.key));
  });

  it('has its settings in the form of the app', async () => {
    const settings = [
      { kind: 'intSlider', key: 'limit', label: 'Water below', lower: '0', upper: '100', default: '20' },
      { kind: 'switch', key: 'active', label: '', default: true },
    ];
    const sensor = await garden(wetCode('msg.view.settings.limit'), { settings });
    const at = { sensor: sensor.id, domain: '01_Water' };
    const { body } = await sensor.calls.ask('getConfig', at);
    assert.deepEqual(body, {
      '01_limit': ['Water below', { IntSlider: [0, 100, 20] }],
      '02_active': ['active', { Switch: true }],
    });
    await sensor.read({ moisture: 30 });
    await question('agent/reading');
    const changed = { '01_limit': { IntSlider: [0, 100, 40] }, '02_active': { Switch: true } };
    await sensor.calls.ask('setConfig', { ...at, body: changed });
    await question('agent/settings');
    await sensor.read({ moisture: 30 });
    await sensor.holds(1);
  });

  it('keeps the state that it returns', async () => {
    const count = `
      const seen = (msg.view.state.seen || 0) + 1;
      msg.payload = { state: { seen }, because: 'seen ' + seen };
      return msg;`;
    const sensor = await garden(count);
    for (const moisture of [50, 51]) await sensor.read({ moisture });
    await until(() => site.messages('asked').length === 3);
    const states = site.messages('asked').map(({ view }) => (view as { state: unknown }).state);
    assert.deepEqual(states, [{}, { seen: 1 }, { seen: 2 }]);
    // Asked is not yet answered.
    await eventually(async () => assert.equal((await agentOf(sensor))?.rendered, 'off · seen 3'));
  });

  it('does nothing when no answer comes in time, and ignores one that comes later', async () => {
    const sensor = await garden('return null;', { answerWithin: '1' });
    await site.badge('in', 'ripe-agent-in.status.silent {"name":"WetAgent","seconds":1}');
    await decided('noAnswer');
    assert.equal((await agentOf(sensor))?.rendered, 'off · No answer within 1 s');
    const { _question } = await question('agent/started');
    site.receive('out', { payload: true, _question });
    const lines = () => site.logged(50, 'out');
    await until(() => lines().some((line) => line.includes('came too late')));
    assert.deepEqual(site.logged(LEVEL.WARN), []);
    assert.equal(sensor.vectors.at(-1)?.payload[0], 0);
  });

  it('shows an answer that is none as an error naming the field, and does nothing', async () => {
    const sensor = await garden("msg.payload = { hold: 'a lot' }; return msg;");
    await site.error('out', 'payload.hold: must be true, false or a whole number');
    await until(async () => (await agentOf(sensor))?.rendered.includes('payload.hold'));
    assert.match((await agentOf(sensor))?.rendered ?? '', /^off · payload\.hold: must be/);
  });

  it('tells who makes a new message that its question is lost', async () => {
    await garden("return { payload: '30 s' };");
    await site.error('out', 'This message has lost the question that it answers');
  });

  it('leaves nothing behind when it ends in the middle of a question', async () => {
    await garden('return null;', { answerWithin: '60' });
    await question('agent/started');
    const before = performance.now();
    await site.unload();
    assert.ok(performance.now() - before < 4_000);
    assert.deepEqual(site.logged(LEVEL.WARN), []);
  });

  it('shows the last answer at its end', async () => {
    const sensor = await garden(wetCode(20));
    assert.equal((await site.badge('out', 'ripe-agent-out.status.unchanged')).fill, 'grey');
    await sensor.read({ moisture: 10 });
    await site.badge('out', 'ripe-agent-out.status.run {"seconds":30}');
  });

  it('is refused under a name that another one has', async () => {
    const second = inGarden('second', 'ripe-agent-in', { agentName: 'WetAgent' }, ['asked']);
    await site.load(chain({ more: [...wetAgent(), second] }), { types });
    await site.error('second', 'Another ripe-agent-in makes an agent type called WetAgent already');
    assert.equal((await site.badge('second', 'ripe-agent-in.status.failed')).fill, 'red');
    assert.equal((await site.badge('in', 'ripe-agent-in.status.ready')).fill, 'green');
  });

  it('needs a garden, a name, and settings that can be drawn', async () => {
    const bad = (id: string, properties: object) =>
      inGarden(id, 'ripe-agent-in', { agentName: 'WetAgent', ...properties }, []);
    const slider = { kind: 'intSlider', key: 'limit', lower: '0', upper: '9', default: '10' };
    await site.load([
      tab(),
      ...chain().filter(({ type }) => type === 'ripe-garden'),
      wired('homeless', 'ripe-agent-in', { agentName: 'WetAgent' }, []),
      wired('endless', 'ripe-agent-out'),
      bad('nameless', { agentName: '' }),
      bad('misnamed', { agentName: '9 lives' }),
      bad('versioned', { version: 'new' }),
      bad('slow', { answerWithin: '0' }),
      bad('bounds', { settings: [slider] }),
      bad('key', { settings: [{ ...slider, key: 'my limit' }] }),
      bad('twice', { settings: [{ ...slider, default: '1' }, slider] }),
      bad('time', { settings: [{ kind: 'dayTime', key: 'from', default: '25:00' }] }),
      bad('kind', { settings: [{ kind: 'text', key: 'from' }] }),
      probe('asked'),
    ]);
    const errors = {
      homeless: 'No ripe-garden is chosen',
      endless: 'No ripe-garden is chosen',
      nameless: 'agentName: is missing',
      misnamed: 'agentName: must be letters',
      versioned: 'version: must be three numbers',
      slow: 'answerWithin: must be a whole number from 1 to 60',
      bounds: 'settings.1.default: must be from 0 to 9',
      key: 'settings.1.key: must be letters',
      twice: 'settings.2.key: is the key of another setting',
      time: 'settings.1.default: must be a time of day',
      kind: 'settings.1.kind: must be one of switch',
    };
    for (const [id, text] of Object.entries(errors)) await site.error(id, text);
    assert.ok(!site.garden.agentTypes.names().includes('WetAgent'));
  });

  describe('deployed anew', () => {
    const flow = (code: string, properties: object = {}) => chain({ more: wetAgent(code, properties) });

    it('decides by its new wires and dialog, while its job runs on', async () => {
      const sensor = await garden();
      await sensor.read({ moisture: 10 });
      await sensor.holds(1);
      const before = site.garden.agentTypes.get('WetAgent')?.version;
      const badges = site.badges('in').length;
      await site.deploy(flow(wetCode(50, '200 ms'), { version: '2.0.0' }), 'nodes');
      await until(() => site.badges('in').length > badges);
      await until(() => site.messages('asked').filter(({ topic }) => topic === 'agent/started').length === 2);
      const after = site.garden.agentTypes.get('WetAgent')?.version ?? '';
      assert.match(String(before), /^1\.0\.0\+[0-9a-f]{8}$/);
      assert.match(after, /^2\.0\.0\+[0-9a-f]{8}$/);
      assert.notEqual(after, before);
      assert.equal(sensor.vectors.at(-1)?.payload[0], 1);
      assert.equal((await site.garden.store.openJobs()).length, 1);
      const { _question } = await question('agent/started');
      assert.ok(typeof _question === 'string');
      await sensor.calls.ask('command', { sensor: sensor.id, domain: '01_Water', body: { payload: 0 } });
      await question('agent/forced');
      assert.equal((await site.garden.store.openJobs()).length, 1, 'its wires did not end it');
      assert.equal(
        site.messages('jobs').some(({ topic }) => topic === 'job/cancelled'),
        false,
      );
    });

    it('rests when it is removed: neutral in the middle of a job, its byte kept; and comes back', async () => {
      const sensor = await garden();
      await sensor.read({ moisture: 10 });
      await sensor.holds(1);
      await site.deploy(chain({ more: [func('wet', wetCode(20), 'asked'), probe('asked')] }), 'nodes');
      await sensor.holds(0);
      assert.equal(sensor.vectors.at(-1)?.payload.length, 1);
      assert.deepEqual(await agentOf(sensor), {
        ...(await agentOf(sensor)),
        rendered: 'WetAgent is not loaded',
        state: 'Disabled',
      });
      assert.ok(!site.garden.agentTypes.names().includes('WetAgent'));
      await site.deploy(flow(wetCode(20)), 'nodes');
      await until(() => site.garden.agentTypes.names().includes('WetAgent'));
      await sensor.read({ moisture: 10 });
      await sensor.holds(1);
    });

    it('gives its old name back', async () => {
      await garden();
      await site.deploy(chain({ more: wetAgent(wetCode(20), { agentName: 'DryAgent' }) }), 'nodes');
      await until(() => !site.garden.agentTypes.names().includes('WetAgent'));
      assert.ok(site.garden.agentTypes.names().includes('DryAgent'));
    });

    it('leaves its name to a node that takes its place in the same deploy', async () => {
      const sensor = await garden();
      await sensor.read({ moisture: 10 });
      await sensor.holds(1);
      const heir = { ...agentIn(), id: 'heir' };
      const flowOfHeir = chain({
        more: [heir, func('wet', wetCode(20), 'out'), inGarden('out', 'ripe-agent-out'), probe('asked')],
      });
      await site.deploy(flowOfHeir, 'nodes');
      await site.badge('heir', 'ripe-agent-in.status.ready');
      await sensor.read({ moisture: 70 });
      await site.message('asked', ({ payload }) => {
        const { reading } = payload as { reading?: { moisture: number } };
        return reading?.moisture === 70;
      });
      assert.equal(sensor.vectors.at(-1)?.payload[0], 1, 'its job runs on');
    });

    it('takes its job up again after a full deploy', async () => {
      const sensor = await garden();
      await sensor.read({ moisture: 10 });
      await sensor.holds(1);
      await site.deploy(flow(wetCode(50)), 'full');
      await site.message('jobs', 'job/resumed');
      assert.equal((await site.garden.store.openJobs()).length, 1);
      assert.equal(
        site.messages('jobs').some(({ topic }) => topic === 'job/cancelled'),
        false,
      );
    });
  });
});
