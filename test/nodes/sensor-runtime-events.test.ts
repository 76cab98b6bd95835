import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { useNodeRed } from '../support/node-red-site.ts';
import { RuntimeCalls, runtimeFlow } from '../support/runtime-calls.ts';

describe('ripe-sensor-runtime, output 4', () => {
  const site = useNodeRed();
  const calls = new RuntimeCalls(site);

  /** Everything that an event is made for; returns the key of the sensor. */
  async function live(): Promise<string> {
    await calls.ready();
    const { id, key } = await calls.registerSensor('Bed 3');
    const sensor = id;
    await calls.registerAgent(sensor, '01_Fan', 'PercentAgent');
    const topic = (channel: string) => `sensor/${channel}/${id}/${key}`;
    site.receive('runtime', { topic: topic('data'), payload: { moisture: 18.5, salt: 3 } });
    site.receive('runtime', { topic: topic('log'), payload: 'pump on' });
    const body = { '01_active': { Switch: false } };
    await calls.ask('setConfig', { sensor, domain: '01_Fan', body });
    await calls.ask('deleteAgent', { sensor, body: { domain: '01_Fan', agent_name: 'PercentAgent' } });
    await calls.ask('deleteSensor', { sensor, body: { id, key } });
    return key;
  }

  it('tells everything that happens, as documented', async () => {
    await site.load(runtimeFlow(['events']));
    await live();
    const events = site.messages('events').map(({ topic, payload, _msgid, ...rest }) => {
      assert.deepEqual(rest, {});
      return [topic, withoutTimes(payload)];
    });
    const because = (code: string, params: object) => ({ because: { code, ...params } });
    const agent = { sensor: 1, domain: '01_Fan', agentName: 'PercentAgent' };
    const decided = { ...agent, version: '1.0.0', job: null };
    const none = { battery: null, temperature: null, humidity: null, carbon: null, conductivity: null };
    const reading = { timestamp: 0, ...none, light: null, moisture: 18.5, extra: { salt: 3 } };
    const held = { value: 50, ...because('held', { params: { percent: 50 } }) };
    const fan = (value: number, parts: object) => {
      return { domain: '01_Fan', value, neutral: 0, until: null, isLeased: false, ...parts };
    };
    const queued = (agents: object[]) => {
      const command = { sensor: 1, id: '', epoch: 0, state: 'queued', at: 0, agents };
      return ['sensor/1/envelope', { ...command, observed: null, reason: null }];
    };
    assert.deepEqual(events, [
      ['sensor/1/registered', { sensor: 1, name: 'Bed 3' }],
      ['sensor/1/decision', { ...decided, event: 'started', at: 0, ...held }],
      queued([fan(50, { ...because('held', { params: { percent: 50 } }), until: 0, isLeased: true })]),
      ['sensor/1/command', { sensor: 1, values: { '01_Fan': 50 } }],
      ['sensor/1/agent', { ...agent, change: 'added' }],
      ['sensor/1/reading', { sensor: 1, name: 'Bed 3', reading }],
      ['sensor/1/decision', { ...decided, event: 'reading', at: 0, value: 50, ...because('unaffected', {}) }],
      ['sensor/1/log', { sensor: 1, at: 0, text: 'pump on' }],
      ['sensor/1/decision', { ...decided, event: 'settings', at: 0, value: 0, ...because('inactive', {}) }],
      queued([fan(0, because('inactive', {}))]),
      ['sensor/1/command', { sensor: 1, values: { '01_Fan': 0 } }],
      ['sensor/1/agent', { ...agent, change: 'settings' }],
      queued([]),
      ['sensor/1/agent', { ...agent, change: 'removed' }],
      ['sensor/1/removed', { sensor: 1, name: 'Bed 3' }],
    ]);
  });

  it('holds no key, nor does any other output but for the two answers that protocol §3 wants with it', async () => {
    await site.load(runtimeFlow(['events']));
    const key = await live();
    const ported = site.sent.filter(({ from }) => from === 'runtime');
    for (const port of [0, 3, 4])
      assert.ok(
        ported.some((sent) => sent.port === port),
        `output ${port + 1}`,
      );
    const leaks = ported.filter(({ message }) => inspect(message, { depth: null }).includes(key));
    const credentials = leaks.map(({ port, message }) => [
      port,
      Object.keys(JSON.parse(String(message.payload))),
    ]);
    assert.deepEqual(credentials, [
      [4, ['id', 'key', 'broker']],
      [4, ['id', 'key', 'broker']],
    ]);
  });

  it('makes no event where nothing is wired to it', async () => {
    await site.load(runtimeFlow([]));
    await live();
    const { args } = site.node('runtime').send as unknown as { args: unknown[][] };
    const sent = args.map(([messages]) => messages as (object | null)[]);
    assert.ok(sent.length > 3);
    assert.deepEqual(
      sent.filter((messages) => messages[3] !== undefined && messages[3] !== null),
      [],
    );
  });

  it('begins to tell when a wire is deployed later, and ends when it is taken away', async () => {
    await site.load(runtimeFlow([]));
    await calls.ready();
    const node = site.node('runtime');
    await site.deploy(runtimeFlow(['events']), 'nodes');
    await calls.registerSensor('Bed');
    assert.equal(site.node('runtime'), node, 'Node-RED has only wired it anew');
    await site.message('events', 'sensor/1/registered');
    await site.deploy(runtimeFlow([]), 'nodes');
    await calls.registerSensor('Bed');
    assert.equal(site.messages('events').length, 1);
  });
});

const TIMES = ['at', 'timestamp', 'until', 'epoch'];

/** Times, and numbers made of them, as 0; an id, which is made of two, as nothing. */
function withoutTimes(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (name, inner) => {
    if (name === 'id') return '';
    return TIMES.includes(name) && typeof inner === 'number' ? 0 : inner;
  });
}
