import assert from 'node:assert/strict';
import type { Twins } from '../../src/domain/sensor/twin.ts';
import { LEVEL, type Message, useNodeRed } from '../support/node-red-site.ts';
import { RuntimeCalls, runtimeFlow } from '../support/runtime-calls.ts';
import { quietly } from '../support/until.ts';

const STATUS = 'ripe-sensor-runtime.status';

describe('ripe-sensor-runtime', () => {
  const site = useNodeRed();
  const calls = new RuntimeCalls(site);

  const twins = () => site.node('runtime').context().flow.get('sensors') as Twins;
  const read = ({ id, key }: { id: number; key: string }, reading: object) =>
    site.receive('runtime', {
      topic: `sensor/data/${id}/${key}`,
      payload: Buffer.from(JSON.stringify(reading)),
    });
  /** The next vector, of these bytes; those before it are forgotten. */
  const nextCommand = async (bytes: number[]): Promise<Message> => {
    const expected = Buffer.from(bytes);
    const found = await site.message(
      'commands',
      ({ payload }) => Buffer.isBuffer(payload) && expected.equals(payload),
    );
    site.messages('commands').length = 0;
    return found;
  };

  it('keeps its twins in flow context: one object, plain JSON, without keys', async () => {
    await site.load(runtimeFlow());
    await calls.ready();
    const before = twins();
    const sensor = await calls.registerSensor('Bed 3');
    await calls.registerAgent(sensor.id, '01_Fan', 'PercentAgent');
    read(sensor, { moisture: 18.5, extra_metric: 4 });
    assert.equal(twins(), before);
    const twin = twins()[sensor.id];
    assert.deepEqual([twin?.id, twin?.name, twin?.reading?.moisture], [1, 'Bed 3', 18.5]);
    assert.deepEqual(
      twin?.agents.map(({ domain, agentName, value }) => [domain, agentName, value]),
      [['01_Fan', 'PercentAgent', 50]],
    );
    assert.deepEqual(JSON.parse(JSON.stringify(twins())), twins());
    assert.ok(!JSON.stringify(twins()).includes(sensor.key));
    await site.badge('runtime', `${STATUS}.ready {"sensors":1,"agents":1}`);
  });

  it('takes readings and log lines as Buffers, texts or objects, and drops what has a wrong key', async () => {
    await site.load(runtimeFlow());
    const { id, key } = await (await calls.ready()).registerSensor('Bed');
    site.receive('runtime', { topic: `sensor/data/${id}/${key}`, payload: { moisture: 5 } });
    assert.equal(twins()[id]?.reading?.moisture, 5);
    site.receive('runtime', { topic: `sensor/data/${id}/${key}`, payload: '{"moisture":6}' });
    assert.equal(twins()[id]?.reading?.moisture, 6);
    site.receive('runtime', { topic: `sensor/log/${id}/${key}`, payload: 'pump on' });
    site.receive('runtime', { topic: `sensor/log/${id}/${key}`, payload: Buffer.from('pump off') });
    const { body } = await calls.ask<string[]>('log', { sensor: id });
    assert.match(body.join('\n'), /pump on\n.*pump off$/);
    for (const topic of [`sensor/data/${id}/WRONG`, `sensor/data/${id}/${key}x`]) {
      site.receive('runtime', { topic, payload: { moisture: 99 } });
    }
    site.receive('runtime', { topic: `sensor/data/${id}/${key}`, payload: 'no JSON' });
    site.receive('runtime', { topic: 'sensor/data/99/KEY', payload: {} });
    assert.deepEqual([twins()[id]?.reading?.moisture, twins()[id]?.dropped], [6, 3]);
    const warnings = site.logged(LEVEL.WARN, 'runtime');
    assert.deepEqual(
      warnings.map((line) => line.split(':')[0]),
      [`sensor ${id}`, 'unknown sensors'],
      'one line each',
    );
    assert.ok(!warnings.join().includes(key));
  });

  it('publishes whole command vectors on output 1, and again when a broker has connected', async () => {
    await site.load(runtimeFlow());
    const { id } = await (await calls.ready()).registerSensor('Bed');
    await calls.registerAgent(id, '02_Fan', 'PercentAgent');
    await calls.registerAgent(id, '01_Water', 'ThresholdAgent');
    const { _msgid, ...vector } = await nextCommand([0, 50]);
    const { sequence } = vector['delivery'] as { sequence: number };
    assert.deepEqual(vector, {
      topic: `sensor/cmd/${id}`,
      payload: Buffer.from([0, 50]),
      qos: 2,
      retain: true,
      delivery: { sensor: id, sequence },
    });
    site.receive('runtime', { topic: 'broker/connected', payload: { broker: 'b', at: 0 } });
    const { delivery } = await nextCommand([0, 50]);
    assert.deepEqual(delivery, { sensor: id, sequence: sequence + 1 });
    // New work waits until the broker has what was there.
    await calls.ask('command', { sensor: id, domain: '02_Fan', body: { payload: 70 } });
    await quietly();
    assert.deepEqual(
      site.messages('commands').filter(({ payload }) => Buffer.isBuffer(payload)),
      [],
    );
    site.receive('runtime', { topic: 'delivery', payload: { delivery, at: Date.now(), ok: true } });
    await nextCommand([0, 7]);
  });

  it('sends jobs on output 2, obeys their steps, and tells when the last one is delivered', async () => {
    await site.load(runtimeFlow());
    const sensor = await (await calls.ready()).registerSensor('Bed');
    await calls.registerAgent(sensor.id, '01_Water', 'ThresholdAgent');
    const readAt = Date.now();
    read(sensor, { moisture: 10 });
    const { payload } = await site.message('jobs', 'job/start');
    const { id, createdAt, because, ...request } = payload as Record<string, unknown>;
    assert.deepEqual(request, {
      owner: `${sensor.id}/01_Water`,
      sensor: sensor.id,
      domain: '01_Water',
      plan: { steps: [{ set: 1 }, { wait: 60_000 }, { set: 0 }] },
      neutral: 0,
    });
    assert.match(id as string, /^[0-9a-f-]{36}$/);
    // The garden has a clock of its own.
    assert.ok(readAt - 1_000 <= Number(createdAt) && Number(createdAt) <= Date.now() + 1_000);
    assert.equal(typeof (because as { code: string }).code, 'string');
    const who = { job: id, owner: `${sensor.id}/01_Water`, sensor: sensor.id, domain: '01_Water' };
    const times = { startedAt: Date.now(), endsAt: Date.now() + 60_000 };
    site.receive('runtime', {
      topic: 'job/started',
      payload: { ...who, ...times, event: 'started', at: Date.now() },
    });
    site.receive('runtime', {
      topic: 'job/step',
      payload: { ...who, ...times, index: 0, value: 1, end: null },
    });
    await nextCommand([1]);
    const end = { outcome: 'finished' };
    site.receive('runtime', { topic: 'job/step', payload: { ...who, ...times, index: 2, value: 0, end } });
    const off = await nextCommand([0]);
    assert.equal(site.messages('jobs').filter(({ topic }) => topic !== 'job/sync').length, 1);
    const delivery = { delivery: off['delivery'], at: Date.now() };
    site.receive('runtime', { topic: 'delivery', payload: { ...delivery, ok: false, reason: 'lost' } });
    await quietly();
    assert.equal(site.messages('jobs').filter(({ topic }) => topic !== 'job/sync').length, 1);
    site.receive('runtime', { topic: 'delivery', payload: { ...delivery, ok: true } });
    assert.deepEqual((await site.message('jobs', 'job/delivered')).payload, { job: id });
  });

  it('cancels a job on output 2 when the agent is removed', async () => {
    await site.load(runtimeFlow());
    const sensor = await (await calls.ready()).registerSensor('Bed');
    await calls.registerAgent(sensor.id, '01_Water', 'ThresholdAgent');
    read(sensor, { moisture: 10 });
    const { payload } = await site.message('jobs', 'job/start');
    const body = { domain: '01_Water', agent_name: 'ThresholdAgent' };
    await calls.ask('deleteAgent', { sensor: sensor.id, body });
    const cancel = await site.message('jobs', 'job/cancel');
    assert.deepEqual(cancel.payload, { job: (payload as { id: string }).id, reason: 'removed' });
  });

  it('answers requests ready for http response, with everything else of the message', async () => {
    await site.load(runtimeFlow());
    await calls.ready();
    const { message } = await calls.ask('listAgentTypes');
    const { _msgid, call, ...reply } = message;
    assert.equal(typeof call, 'number');
    assert.deepEqual(reply, {
      payload: '["PercentAgent","TestAgent","ThresholdAgent","TimeAgent"]',
      statusCode: 200,
      headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    });
    const unknown = await calls.ask('status', { sensor: 5 });
    assert.deepEqual([unknown.statusCode, unknown.body['code']], [400, 'RIPE_AUTH_SENSOR']);
    const odd = await calls.ask('fly' as never);
    assert.deepEqual([odd.statusCode, odd.body['field']], [400, 'operation']);
  });

  it('answers on output 3 what came over HTTP, and all else on output 5', async () => {
    await site.load(runtimeFlow());
    await calls.ready();
    site.receive('runtime', { request: { operation: 'listAgentTypes' }, res: { _res: {} } });
    const answer = await site.message('http', () => true);
    assert.deepEqual([answer['statusCode'], answer['request']], [200, undefined]);
    assert.deepEqual(site.messages('replies'), []);
    await calls.ask('listAgentTypes');
    assert.equal(site.messages('http').length, 1);
  });
});
