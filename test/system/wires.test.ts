import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { accepted, curl } from '../support/curl.ts';
import { ROOT } from '../support/dist.ts';
import { eventually } from '../support/eventually.ts';
import { publish, useSubscribers } from '../support/mosquitto-clients.ts';
import { useRipe } from '../support/ripe.ts';
import { registerSensor, type TestSensor } from '../support/test-sensor.ts';

type FlowNode = { id: string; type: string; name?: string; func?: string };

describe('an agent made of wires, by the example agent-of-wires', () => {
  const ripe = useRipe();
  const subscribe = useSubscribers();
  let flow = '';
  let sensor: TestSensor;

  const editor = async (method: string, place: string, body?: object) => {
    const headers = { Authorization: `Bearer ${await ripe.adminToken()}` };
    const answer = await curl(ripe, method, `/red${place}`, {
      headers,
      ...(body === undefined ? {} : { body }),
    });
    assert.ok(answer.status < 300, `${method} ${place}: ${answer.status} ${answer.text}`);
    return answer.body;
  };
  const agentTypes = async () => accepted<string[]>(await curl(ripe, 'GET', '/api/agent'));
  const isTold = (part: string) =>
    eventually(async () => {
      const { ui } = await sensor.agentStatus('01_Water');
      assert.ok(ui.rendered.includes(part), ui.rendered);
    });

  it('is there like any other, once the example is imported and deployed', async () => {
    const example = JSON.parse(await readFile(path.join(ROOT, 'examples/agent-of-wires.json'), 'utf8'));
    const nodes = (example as FlowNode[]).filter(({ type }) => type !== 'tab');
    const answer = (await editor('POST', '/flow', { label: 'wires', nodes })) as { id: string };
    flow = answer.id;
    await eventually(async () => assert.ok((await agentTypes()).includes('WetAgent')));
    sensor = await registerSensor(ripe);
    await sensor.addAgent('01_Water', 'WetAgent');
    assert.deepEqual(await sensor.config('01_Water'), {
      '01_limit': ['Water below', { IntSlider: [0, 100, 20] }],
      '02_duration': ['Run for', { TimeSlider: [0, 600_000, 30_000, 60] }],
    });
  });

  it('waters when the plant is dry, and tells why', async () => {
    const commands = await subscribe(sensor.broker, sensor.topic('cmd'));
    await commands.settle('00');
    await publish(sensor.broker, sensor.topic('data'), { moisture: 60 });
    await publish(sensor.broker, sensor.topic('data'), { temperature: 20 });
    await publish(sensor.broker, sensor.topic('data'), { moisture: 12 });
    await commands.expect('01');
    await isTold('moisture 12 % is below 20 %');
    const { ui } = await sensor.agentStatus('01_Water');
    assert.ok('Executing' in Object(ui.state));
    await eventually(async () => {
      const history = await sensor.history();
      assert.deepEqual(
        history.map(({ command }) => command),
        [0, 1],
      );
    });
  });

  it('is stopped and started by hand', async () => {
    const commands = await subscribe(sensor.broker, sensor.topic('cmd'));
    await commands.settle('01');
    await sensor.command('01_Water', 0);
    await commands.expect('00');
    await sensor.command('01_Water', 1);
    await commands.expect('01');
    await commands.expect('00');
  });

  it('decides by the wires as they are after a deploy, while its job runs on', async () => {
    await sensor.command('01_Water', 300);
    const commands = await subscribe(sensor.broker, sensor.topic('cmd'));
    await commands.settle('01');
    const now = (await editor('GET', `/flow/${flow}`)) as { nodes: FlowNode[] };
    const nodes = now.nodes.map((node) =>
      node.func === undefined ? node : { ...node, func: node.func.replace('< limit', '< limit + 30') },
    );
    await editor('PUT', `/flow/${flow}`, { ...now, nodes });
    await eventually(async () => {
      await sensor.postData({ moisture: 45 });
      await isTold('moisture 45 % is below 20 %');
    });
    const { ui } = await sensor.agentStatus('01_Water');
    assert.ok('Executing' in Object(ui.state), 'the job of 300 s');
    await commands.silence();
  });

  it('rests when its wires are taken away: the water stops, its byte stays', async () => {
    const commands = await subscribe(sensor.broker, sensor.topic('cmd'));
    await commands.settle('01');
    await editor('DELETE', `/flow/${flow}`);
    await commands.expect('00');
    assert.equal((await sensor.agentStatus('01_Water')).ui.state, 'Disabled');
    assert.ok(!(await agentTypes()).includes('WetAgent'));
  });
});
