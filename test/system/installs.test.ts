import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { eventually } from '../support/eventually.ts';
import { heldBy, setsOf, walkUpdateAndRemoval } from '../support/install-walk.ts';
import { useSubscribers } from '../support/mosquitto-clients.ts';
import { installNodeRed4 } from '../support/node-red-4.ts';
import type { NodeRedProcess } from '../support/node-red-process.ts';
import { Palette, RIPE, startEmptyNodeRed, useTarballs } from '../support/palette.ts';
import { registerSensor, type TestSensor } from '../support/test-sensor.ts';

/** With Node-RED 5 `palette.test.ts` does the same, in a browser. */
describe('RIPE in an empty Node-RED 4.1, by its admin HTTP API', function () {
  this.timeout(120_000);
  const tarballs = useTarballs();
  const subscribe = useSubscribers();
  let nodeRed: NodeRedProcess;
  let palette: Palette;
  let sensor: TestSensor;
  let heldBefore: string[];

  before('start it', async () => {
    nodeRed = await startEmptyNodeRed({ nodesDir: [await tarballs.probe()], nodeRed: installNodeRed4() });
    palette = new Palette(nodeRed);
    await palette.logIn();
    heldBefore = await heldBy(palette);
  });
  after('stop it', async () => {
    await nodeRed?.stop();
  });

  it('is installed from its tarball: nodes and sidebar are there', async () => {
    await palette.upload(await tarballs.ripe());
    const sets = await setsOf(palette);
    assert.equal(sets.length, 12);
    for (const { err } of sets) assert.equal(err, undefined);
    const plugins = (await palette.call('GET', '/plugins')) as { id: string }[];
    assert.ok(plugins.some(({ id }) => id === `${RIPE}/ripe-sidebar`));
  });

  it('runs its flow: a sensor registers, reports, and gets commands; the user directory keeps it all', async () => {
    const example = await palette.call('GET', `/library/examples/flows/${RIPE}/ripe`);
    await palette.deploy(example as object[]);
    sensor = await eventually(() => registerSensor(nodeRed, 'Basil'));
    await sensor.addAgent('01_Water', 'ThresholdAgent');
    const commands = await subscribe(sensor.broker, sensor.topic('cmd'));
    await commands.settle('00');
    await sensor.postData({ moisture: 3 });
    await commands.expect('01');
    await sensor.command('01_Water', 0);
    await commands.expect('00');
    // It runs through all that follows, however busy the machine is.
    await sensor.command('01_Water', 3_000);
    await commands.expect('01');
    assert.ok(existsSync(path.join(nodeRed.folder, 'ripe.db')));
    assert.deepEqual([...nodeRed.logged('warn'), ...nodeRed.logged('error')], []);
  });

  walkUpdateAndRemoval(tarballs, () => ({ nodeRed, palette, sensor, heldBefore }));
});
