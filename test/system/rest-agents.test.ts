import assert from 'node:assert/strict';
import { accepted, curl, refused } from '../support/curl.ts';
import { eventually } from '../support/eventually.ts';
import { useSubscribers } from '../support/mosquitto-clients.ts';
import { useSharedRipe } from '../support/shared-ripe.ts';
import { base64, registerSensor } from '../support/test-sensor.ts';

describe('REST: agents', () => {
  const ripe = useSharedRipe();
  const subscribe = useSubscribers();

  it('registers an agent, and answers with what was asked (§3)', async () => {
    const sensor = await registerSensor(ripe);
    const body = { domain: '04_Lüftung', agent_name: 'PercentAgent' };
    const answer = await sensor.agent('POST', '', { body: { ...body, further: true } });
    assert.deepEqual(accepted(answer), body);
    assert.ok(answer.text.includes('"04_L\\u00fcftung"'), answer.text);
  });

  it('draws agents so that the app can read them: order, doubles, ASCII, a decorator that is an object (§2.1, §4.3 DEPENDS)', async () => {
    const sensor = await registerSensor(ripe);
    const names = ['ä', 'a', 'Z', '2_y', '10_x', '04_Lüftung'];
    for (const domain of names) await sensor.addAgent(domain, 'PercentAgent');
    await sensor.addAgent('01_Pump', 'ThresholdAgent');
    await sensor.addAgent('02_Licht', 'TimeAgent');
    await sensor.addAgent('03_Test', 'TestAgent');
    const answer = await sensor.sensor('GET');
    const { agents } = await sensor.status();
    assert.deepEqual(
      agents.map(({ domain }) => domain),
      ['01_Pump', '02_Licht', '03_Test', '04_Lüftung', '10_x', '2_y', 'Z', 'a', 'ä'],
    );
    for (const { ui } of agents) {
      assert.deepEqual(Object.keys(ui), ['decorator', 'state', 'rendered']);
      assert.equal(Object.keys(ui.decorator).length, 1);
      assert.match(ui.rendered, /\S/);
    }
    assert.ok(answer.text.includes('"04_L\\u00fcftung"'));
    assert.ok(answer.text.includes('"decorator":{"TimePane":30}'));
    assert.ok(answer.text.includes('"decorator":{"TimePane":60}'));
    assert.equal(answer.text.split('"decorator":{"Slider":[0.0,1.0,0.5]}').length, 7);
    assert.ok(answer.text.includes('"decorator":{"Slider":[0.0,1.0,0.0]}'));
    await sensor.command('a', 1000);
    assert.ok((await sensor.sensor('GET')).text.includes('{"Slider":[0.0,1.0,1.0]}'));
  });

  it('refuses an unknown type, an occupied domain, and bodies that are wrong (§3 FIX)', async () => {
    const sensor = await registerSensor(ripe);
    await sensor.addAgent('01_Pump', 'ThresholdAgent');
    const add = (body: unknown) => sensor.agent('POST', '', { body });
    refused(await add({ domain: '02', agent_name: 'NoSuchAgent' }), 400, 'agent_name');
    refused(await add({ domain: '02', agent_name: '__proto__' }), 400, 'agent_name');
    for (const agent_name of ['ThresholdAgent', 'PercentAgent']) {
      refused(await add({ domain: '01_Pump', agent_name }), 400, 'domain');
    }
    refused(await add({ agent_name: 'TimeAgent' }), 400, 'domain');
    refused(await add({ domain: '02' }), 400, 'agent_name');
    refused(await add({ domain: '02', agent_name: null }), 400, 'agent_name');
    for (const domain of ['', 'd'.repeat(256), 5, null, ['02'], 'a\u0007']) {
      refused(await add({ domain, agent_name: 'TimeAgent' }), 400, 'domain');
    }
    refused(await add([]), 400, 'body');
    assert.equal((await sensor.status()).agents.length, 1);
  });

  it('takes one of many registrations of a domain at once, and refuses the others', async () => {
    const sensor = await registerSensor(ripe);
    const body = { domain: 'x', agent_name: 'TimeAgent' };
    const answers = await Promise.all(Array.from({ length: 8 }, () => sensor.agent('POST', '', { body })));
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
    assert.equal(answers.filter(({ status }) => status === 400).length, 7);
    assert.equal((await sensor.status()).agents.length, 1);
  });

  it('deletes an agent only where domain and name match (§3)', async () => {
    const sensor = await registerSensor(ripe);
    await sensor.addAgent('01_Pump', 'ThresholdAgent');
    const remove = (domain: unknown, agent_name: unknown) =>
      sensor.agent('DELETE', '', { body: { domain, agent_name } });
    refused(await remove('01_Pump', 'PercentAgent'), 400);
    refused(await remove('02_Pump', 'ThresholdAgent'), 400);
    refused(await remove('01_pump', 'ThresholdAgent'), 400);
    refused(await remove(undefined, 'ThresholdAgent'), 400, 'domain');
    refused(await remove('01_Pump', 7), 400, 'agent_name');
    assert.equal((await sensor.status()).agents.length, 1);
    const body = { domain: '01_Pump', agent_name: 'ThresholdAgent' };
    assert.deepEqual(accepted(await remove(body.domain, body.agent_name)), body);
    assert.deepEqual((await sensor.status()).agents, []);
    refused(await remove(body.domain, body.agent_name), 400);
    refused(await sensor.agent('POST', `/${base64('01_Pump')}`, { body: { payload: 9 } }), 400);
  });

  it('switches the actuator of a deleted agent off first, then shortens the vector (§3 FIX, §5.3 FIX)', async () => {
    const sensor = await registerSensor(ripe);
    await sensor.addAgent('01_Pump', 'ThresholdAgent');
    await sensor.addAgent('02_Fan', 'PercentAgent');
    await sensor.command('01_Pump', 600);
    const commands = await subscribe(sensor.broker, sensor.topic('cmd'));
    await commands.expect('0132');
    const remove = async (domain: string, agent_name: string) =>
      accepted(await sensor.agent('DELETE', '', { body: { domain, agent_name } }));
    await remove('01_Pump', 'ThresholdAgent');
    await commands.expect('0032', '32');
    await remove('02_Fan', 'PercentAgent');
    await commands.expect('00', '');
    const late = await subscribe(sensor.broker, sensor.topic('cmd'));
    await late.silence(200);
    await sensor.addAgent('03_Fan', 'PercentAgent');
    await late.expect('32');
  });

  it('answers every command of a known domain with 200, however large (§3 FIX)', async () => {
    const sensor = await registerSensor(ripe);
    for (const [domain, agentName] of [
      ['01_Pump', 'ThresholdAgent'],
      ['02_Licht', 'TimeAgent'],
      ['03_Fan', 'PercentAgent'],
      ['04_Test', 'TestAgent'],
    ] as const) {
      await sensor.addAgent(domain, agentName);
      for (const payload of ['0', '-1', '1', '-0', '-9223372036854775808', '9223372036854775807', '3e4']) {
        const answer = await sensor.agent('POST', `/${base64(domain)}`, { raw: `{"payload":${payload}}` });
        assert.equal(accepted(answer), null);
      }
      const { state } = (await sensor.agentStatus(domain)).ui;
      assert.notEqual(state, 'Error');
      await sensor.command(domain, -1);
    }
  });

  it('refuses a command without a whole number, or for an unknown domain (§3)', async () => {
    const sensor = await registerSensor(ripe);
    await sensor.addAgent('01_Pump', 'ThresholdAgent');
    const post = (raw: string, domain = '01_Pump') => sensor.agent('POST', `/${base64(domain)}`, { raw });
    for (const payload of ['"30"', '1.5', 'null', 'true', '[30]', '{}', '1e400', '1e30']) {
      refused(await post(`{"payload":${payload}}`), 400, 'payload');
    }
    refused(await post('{}'), 400, 'payload');
    refused(await post('30'), 400, 'body');
    refused(await post('{"payload":30}', '02_Pump'), 400);
    assert.equal((await sensor.agentStatus('01_Pump')).ui.state, 'Ready');
  });

  it('records what was handed to the broker, in UTC without a zone letter (§4.2, §5.3)', async () => {
    const sensor = await registerSensor(ripe);
    await sensor.addAgent('01_Pump', 'ThresholdAgent');
    await sensor.command('01_Pump', 600);
    await sensor.command('01_Pump', 0);
    const rows = await eventually(async () => {
      const history = await sensor.history();
      assert.deepEqual(history.map(({ command }) => command).slice(-2), [1, 0]);
      return history;
    });
    for (const row of rows) {
      assert.deepEqual(Object.keys(row), ['domain', 'command', 'created_at']);
      assert.equal(row.domain, '01_Pump');
      assert.match(row.created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/);
      assert.ok(Math.abs(Date.parse(`${row.created_at}Z`) - Date.now()) < 10_000);
    }
    refused(await curl(ripe, 'GET', `/api/agent/${sensor.id}`, { key: sensor.key }), 400, 'from');
  });
});
