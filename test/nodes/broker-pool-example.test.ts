import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ensureDist, ROOT } from '../support/dist.ts';
import { useMosquitto } from '../support/mosquitto.ts';
import { useMqttClients } from '../support/mqtt-clients.ts';
import { NodeRedProcess } from '../support/node-red-process.ts';
import { until } from '../support/until.ts';

describe('examples/broker-pool.json in a real Node-RED', () => {
  const first = useMosquitto();
  const second = useMosquitto();
  const mqtt = useMqttClients();
  let nodeRed: NodeRedProcess;

  before('start Node-RED with it', async () => {
    ensureDist();
    const ports: Record<string, number> = { 'first broker': first.port, 'second broker': second.port };
    const example = JSON.parse(readFileSync(path.join(ROOT, 'examples/broker-pool.json'), 'utf8')) as {
      name?: string;
    }[];
    const flow = example.map((node) => {
      const port = ports[node.name ?? ''];
      return port === undefined ? node : { ...node, port: String(port) };
    });
    nodeRed = await NodeRedProcess.start({ flow });
  });
  after('stop Node-RED', () => nodeRed?.stop());

  const press = async (id: string) => {
    const response = await fetch(`${nodeRed.url}/red/inject/ripe.example.pool.${id}`, { method: 'POST' });
    assert.equal(response.status, 200);
  };
  const hasLogged = (line: string) => until(() => nodeRed.lines.some((each) => each.includes(line)), 15_000);

  it('publishes at the first broker that answers, and at the other one once that is killed', async () => {
    await hasLogged('connected to the broker');
    // A first one that is slow to answer is not waited for.
    const isFirst = nodeRed.lines.some((line) => line.includes('connected to the broker first broker'));
    const [serving, other] = isFirst ? [first, second] : [second, first];
    const heard = await mqtt.listen(serving.port, 'house/hall');
    await press('say');
    assert.equal((await until(() => heard[0])).payload.toString(), '{"hello":"garden"}');
    const heardAtOther = await mqtt.listen(other.port, 'house/hall');
    await serving.stop();
    await hasLogged(`connected to the broker ${isFirst ? 'second' : 'first'} broker`);
    await press('say');
    assert.equal((await until(() => heardAtOther[0])).qos, 1);
    await serving.start();
  });

  it('offers the test of a connection to the editor, and the script that asks for it', async () => {
    const script = await fetch(`${nodeRed.url}/red/resources/@ripe-iot/node-red-ripe/connection-test.js`);
    assert.equal(script.status, 200);
    assert.match(await script.text(), /ripe\/broker\/test/);
    const response = await fetch(`${nodeRed.url}/red/ripe/broker/test`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        id: 'ripe.example.pool.two',
        fields: { kind: 'external', host: '127.0.0.1', port: second.port },
      }),
    });
    assert.equal(((await response.json()) as { ok: boolean }).ok, true);
  });
});
