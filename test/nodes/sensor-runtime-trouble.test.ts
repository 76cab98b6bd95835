import assert from 'node:assert/strict';
import type { Node, NodeAPI, NodeDef } from 'node-red';
import type { Twins } from '../../src/domain/sensor/twin.ts';
import { LEVEL, useNodeRed } from '../support/node-red-site.ts';
import { inGarden, tab, wired } from '../support/ripe-flow.ts';
import { RuntimeCalls, runtimeFlow } from '../support/runtime-calls.ts';
import { quietly, until } from '../support/until.ts';

const STATUS = 'ripe-sensor-runtime.status';

describe('ripe-sensor-runtime, when things go wrong', () => {
  const site = useNodeRed();
  const calls = new RuntimeCalls(site);
  const twins = () => site.node('runtime').context().flow.get('sensors') as Twins;

  it('shuts out a second runtime of the same garden', async () => {
    const second = inGarden('second', 'ripe-sensor-runtime', {}, [], [], ['replies']);
    await site.load([...runtimeFlow(), second]);
    await site.error('second', 'Another ripe-sensor-runtime already serves this garden');
    assert.equal((await site.badge('second', `${STATUS}.failed`)).fill, 'red');
    site.receive('second', { request: { operation: 'health' } });
    await until(() => site.logged(LEVEL.ERROR, 'second').length === 2);
    assert.equal((await (await calls.ready()).ask('health')).statusCode, 200);
  });

  it('needs a garden', async () => {
    await site.load([tab(), wired('runtime', 'ripe-sensor-runtime')]);
    await site.error('runtime', 'No ripe-garden is chosen');
  });

  it('loses no message that comes before it is ready', async () => {
    await site.load(runtimeFlow());
    const { id, key } = await (await calls.ready()).registerSensor('Bed');
    await site.unload();
    site.badges('runtime').length = 0;
    let wasReady: boolean | null = null;
    function hasty(RED: NodeAPI): void {
      RED.nodes.registerType('hasty', function (this: Node, def: NodeDef) {
        RED.nodes.createNode(this, def);
        wasReady = site.badges('runtime').some(({ text }) => text.startsWith(`${STATUS}.ready`));
        site.receive('runtime', { topic: `sensor/data/${id}/${key}`, payload: { moisture: 42 } });
      });
    }
    await site.load([...runtimeFlow(), wired('hasty', 'hasty')], { types: [hasty] });
    await calls.ready();
    assert.equal(wasReady, false);
    await until(() => twins()[id]?.reading?.moisture === 42);
  });

  const strange: [object, string | null][] = [
    [{ payload: 1 }, 'topic: must be a text'],
    [{ topic: 5 }, 'topic: must be a text'],
    [{ topic: 'anything/else', payload: 1 }, null],
    [{ topic: 'sensor/cmd/1/KEY', payload: 'x' }, null],
    [{ topic: 'sensor/data/1' }, null],
    [{ topic: 'broker/failed' }, null],
    [{ topic: 'plugin/loaded' }, null],
    [{ topic: 'delivery', payload: { delivery: 'of somebody else', ok: true } }, null],
    [{ topic: 'delivery' }, 'payload: must be an object'],
    [{ topic: 'job/step' }, 'payload: must be an object'],
    [{ topic: 'job/started', payload: 'x' }, 'payload: must be an object'],
    [{ topic: 'job/step', payload: { job: 'unknown' } }, null],
  ];
  it('survives messages that it does not know, and names what is wrong with those it should', async () => {
    await site.load(runtimeFlow());
    await calls.ready();
    for (const [message] of strange) site.receive('runtime', message);
    await quietly();
    const expected = strange.map(([, error]) => error).filter((error) => error !== null);
    assert.deepEqual(site.logged(LEVEL.ERROR, 'runtime'), expected);
    assert.equal((await calls.ask('health')).statusCode, 200);
  });
});
