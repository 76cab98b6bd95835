import assert from 'node:assert/strict';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { accepted, curl } from '../support/curl.ts';
import { eventually } from '../support/eventually.ts';
import { useSubscribers } from '../support/mosquitto-clients.ts';
import { agentSource, asCommonJs, asModule, writePlugins } from '../support/plugin-files.ts';
import { useRipe } from '../support/ripe.ts';
import { registerSensor, type TestSensor } from '../support/test-sensor.ts';

const COUNT = `
  const count = view.state.count + (event.type === 'reading' ? 1 : 0);
  return { state: { count }, hold: count, because: { code: 'did' } };`;
// Only on what no trial asks them.
const FOREVER = `if (event.reading?.moisture === 1) for (;;); return { because: { code: 'did' } };`;
const THROWS = `if (event.reading?.moisture === 1) throw new Error('a plant bit me'); return { because: { code: 'did' } };`;
const HUGE = `if (event.reading?.moisture === 1) new Array(5e7).fill(0); return { because: { code: 'did' } };`;
const STUCK = `if (event.reading?.moisture === 1) for (;;) new Array(1000).fill(1); return { because: { code: 'did' } };`;
const EXITS = `if (event.reading?.moisture === 1) process.reallyExit(1); return { because: { code: 'did' } };`;
const NONSENSE = `return event.reading?.moisture === 1 ? { hold: 'on', job: 7 } : { because: { code: 'did' } };`;

const GOOD = {
  'count.mjs': asModule(agentSource('CountAgent', COUNT)),
  'old-style.cjs': asCommonJs(agentSource('OldStyleAgent', COUNT)),
  'folder/package.json': '{"main":"lib/entry.cjs"}',
  'folder/lib/entry.cjs': asCommonJs(agentSource('FolderAgent', COUNT)),
};
const LIVE_BUT_BAD = {
  'forever.mjs': asModule(agentSource('ForeverAgent', FOREVER)),
  'throws.mjs': asModule(agentSource('ThrowsAgent', THROWS)),
  'nonsense.mjs': asModule(agentSource('NonsenseAgent', NONSENSE)),
  'huge.mjs': asModule(agentSource('HugeAgent', HUGE)),
  'stuck.mjs': asModule(agentSource('StuckAgent', STUCK)),
  'exits-late.mjs': asModule(agentSource('ExitsAgent', EXITS)),
};
const BROKEN = {
  'syntax.mjs': 'export default {',
  'throws-at-once.mjs': 'throw new Error("no");',
  'nothing.mjs': 'export const x = 1;',
  'incomplete.mjs': 'export default { name: "HalfAgent" };',
  'newer.mjs': asModule(agentSource('NewerAgent', COUNT)).replace('apiVersion: 1', 'apiVersion: 99'),
  'exits.cjs': 'process.exit(3);',
  'endless.mjs': 'for (;;);',
  'empty-folder/README.md': 'nothing here',
};
const BAD = ['ForeverAgent', 'ThrowsAgent', 'NonsenseAgent', 'HugeAgent', 'StuckAgent', 'ExitsAgent'];
const NAMES = ['CountAgent', 'FolderAgent', 'OldStyleAgent', ...BAD];

describe('drop-in plugins of RIPE_PLUGINS_DIR', () => {
  let folder = '';
  const ripe = useRipe({
    startsBefore: false,
    env: () => ({ RIPE_PLUGINS_DIR: folder }),
    expectedErrors: /a: \w+Agent failed on reading|a: cannot draw itself/,
  });
  const subscribe = useSubscribers();

  before('write the plugins', async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'ripe-plugins-'));
    await writePlugins(folder, { ...GOOD, ...LIVE_BUT_BAD, ...BROKEN });
    await ripe.start();
  });

  after('delete the plugins', () => rm(folder, { recursive: true, force: true }));

  const shipped = ['PercentAgent', 'TestAgent', 'ThresholdAgent', 'TimeAgent'];

  /** The endless one is given up after a while. */
  const untilLoaded = () =>
    eventually(async () => {
      const names = accepted<string[]>(await curl(ripe, 'GET', '/api/agent'));
      assert.deepEqual([...names].sort(), [...NAMES, ...shipped].sort());
    }, 20_000);

  async function sensorWith(agentName: string): Promise<TestSensor> {
    const sensor = await registerSensor(ripe);
    await sensor.addAgent('a', agentName);
    return sensor;
  }

  it('are loaded, modules of both kinds and folders, beside broken ones that are refused with a reason', async () => {
    await untilLoaded();
    for (const name of [
      'syntax.mjs',
      'throws-at-once.mjs',
      'nothing.mjs',
      'incomplete.mjs',
      'newer.mjs',
      'exits.cjs',
      'endless.mjs',
    ]) {
      assert.ok(
        ripe.lines.some((line) => line.includes('[warn]') && line.includes(name) && line.includes('refused')),
        `${name} is refused`,
      );
    }
  });

  it('decide as shipped ones do', async () => {
    for (const name of ['CountAgent', 'OldStyleAgent', 'FolderAgent']) {
      const sensor = await sensorWith(name);
      const commands = await subscribe(sensor.broker, sensor.topic('cmd'));
      await commands.expect('00');
      for (const hex of ['01', '02']) {
        await sensor.postData({ moisture: 50 });
        await commands.expect(hex);
      }
      const { ui } = await sensor.agentStatus('a');
      assert.deepEqual(ui, { decorator: { Text: null }, state: 'Ready', rendered: 'counted 2' });
      assert.deepEqual((await sensor.config('a'))['01_active'], ['Active', { Switch: true }]);
    }
  });

  it('that loop, throw, end, take all memory or answer nonsense harm nobody else', async () => {
    const bad = await Promise.all(BAD.map(sensorWith));
    const good = await registerSensor(ripe);
    await good.addAgent('01_Pump', 'ThresholdAgent');
    await good.addAgent('02_Count', 'CountAgent');
    for (const sensor of bad) await sensor.postData({ moisture: 1 });
    const startedAt = Date.now();
    await good.postData({ moisture: 5 });
    assert.ok('Executing' in Object((await good.agentStatus('01_Pump')).ui.state));
    accepted(await curl(ripe, 'GET', '/api/health'));
    // Shorter than a worker may take to load.
    assert.ok(Date.now() - startedAt < 4_500, 'nobody waits for them');
    await eventually(async () => assert.equal((await good.agentStatus('02_Count')).ui.rendered, 'counted 1'));
    await good.command('01_Pump', 0);
    for (const sensor of bad) {
      assert.equal((await sensor.status()).data.moisture, 1);
      const commands = await subscribe(sensor.broker, sensor.topic('cmd'));
      await commands.expect('00');
    }
  });

  it('that are gone after a restart leave their agents Disabled, at 0, in their place; and back again, as they were', async () => {
    const sensor = await registerSensor(ripe);
    await sensor.addAgent('1_a', 'PercentAgent');
    await sensor.addAgent('2_b', 'CountAgent');
    await sensor.addAgent('3_c', 'PercentAgent');
    await sensor.postData({ moisture: 50 });
    await eventually(async () => assert.equal((await sensor.agentStatus('2_b')).ui.rendered, 'counted 1'));
    await ripe.stop();
    await rm(path.join(folder, 'endless.mjs'));
    await rename(path.join(folder, 'count.mjs'), path.join(folder, 'count.gone'));
    await ripe.start();
    await sensor.untilBroker();
    const gone = await subscribe(sensor.broker, sensor.topic('cmd'));
    await gone.settle('320032');
    const { ui, agent_name } = await sensor.agentStatus('2_b');
    assert.deepEqual([ui.state, agent_name], ['Disabled', 'CountAgent']);
    assert.equal(Object.keys(ui.decorator).length, 1);
    assert.match(ui.rendered, /\S/);
    const answer = await sensor.agent('POST', `/${Buffer.from('2_b').toString('base64')}`, {
      body: { payload: 1 },
    });
    assert.equal(accepted(answer), null);
    await ripe.stop();
    await rename(path.join(folder, 'count.gone'), path.join(folder, 'count.mjs'));
    await ripe.start();
    await eventually(async () => assert.equal((await sensor.agentStatus('2_b')).ui.rendered, 'counted 1'));
    await sensor.untilBroker();
    const back = await subscribe(sensor.broker, sensor.topic('cmd'));
    await eventually(async () => assert.equal((await back.next()).hex, '320132'));
  });
});
