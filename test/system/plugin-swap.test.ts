import assert from 'node:assert/strict';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { accepted, curl, refused } from '../support/curl.ts';
import { eventually } from '../support/eventually.ts';
import { useSubscribers } from '../support/mosquitto-clients.ts';
import { agentSource, asModule, writePlugins } from '../support/plugin-files.ts';
import { useRipe } from '../support/ripe.ts';
import { registerSensor, type TestSensor } from '../support/test-sensor.ts';

interface Plugin {
  readonly plugin: string;
  readonly name: string | null;
  readonly version: string | null;
  readonly health: string;
  readonly pinned: boolean;
  readonly last_good: string | null;
  readonly agents: number;
  readonly refused: { readonly version: string | null; readonly reason: string } | null;
}

const WATERS = `
  if (event.type === 'forced') return { job: { steps: [{ set: 1 }, { wait: event.payload * 1000 }] }, because: { code: 'did' } };
  return { because: { code: 'did' } };`;
const HOLDS = (value: number) => `
  if (event.type === 'reading') return { hold: ${value}, because: { code: 'did' } };${WATERS}`;
/** On what no trial asks it. */
const TURNS_BAD = `
  if (event.reading?.moisture === 1) throw new Error('a plant bit me');${HOLDS(9)}`;

const pump = (version: string, decide = WATERS) => asModule(agentSource('PumpAgent', decide, version));

describe('a plugin that changes while water runs', () => {
  const ripe = useRipe({ expectedErrors: /a plant bit me|is rolled back/ });
  const subscribe = useSubscribers();

  const drop = async (text: string) => {
    // As editors do.
    await writePlugins(ripe.pluginsDir, { '.pump.tmp': text });
    await rename(path.join(ripe.pluginsDir, '.pump.tmp'), path.join(ripe.pluginsDir, 'pump.mjs'));
  };
  const plugin = async () => {
    const list = accepted<Plugin[]>(await curl(ripe, 'GET', '/api/plugin'));
    return list.find((each) => each.plugin === 'pump.mjs');
  };
  const untilVersion = (version: string | null) =>
    eventually(async () => assert.equal((await plugin())?.version, version), 15_000);
  async function order(what: string, body?: object): Promise<Plugin | undefined> {
    const headers = { Authorization: `Bearer ${await ripe.adminToken()}` };
    const answer = await curl(ripe, 'POST', `/api/plugin/${what}`, { headers, ...(body ? { body } : {}) });
    return accepted<Plugin[]>(answer).find((each) => each.plugin === 'pump.mjs');
  }
  async function pumpingSensor(): Promise<TestSensor> {
    const sensor = await registerSensor(ripe);
    await sensor.addAgent('01_Pump', 'PumpAgent');
    return sensor;
  }

  it('is taken without a restart; a running job keeps its plan, and the next event is the new one’s', async () => {
    await drop(pump('1.0.0'));
    await untilVersion('1.0.0');
    const sensor = await pumpingSensor();
    const commands = await subscribe(sensor.broker, sensor.topic('cmd'));
    await commands.expect('00');
    // Before the answer, which a busy machine brings late.
    const startedAt = Date.now();
    await sensor.command('01_Pump', 4);
    await commands.expect('01');
    await drop(pump('2.0.0', HOLDS(7)));
    await untilVersion('2.0.0');
    // Not a blink: the next vector is the end that was announced.
    await commands.expect('00');
    assert.ok(Date.now() - startedAt >= 3_900, 'the pump ran as long as it was told to');
    await sensor.postData({ moisture: 50 });
    await commands.expect('07');
    const own = (await plugin()) as Plugin;
    assert.deepEqual([own.health, own.last_good, own.agents >= 1], ['well', '1.0.0', true]);
  });

  it('is refused with its reason where it is bad, and the last good one decides on', async () => {
    const sensor = await pumpingSensor();
    await drop('export default {');
    await eventually(
      async () => assert.match((await plugin())?.refused?.reason ?? '', /Unexpected end/),
      15_000,
    );
    assert.deepEqual([(await plugin())?.version, (await plugin())?.health], ['2.0.0', 'behind']);
    const commands = await subscribe(sensor.broker, sensor.topic('cmd'));
    await commands.expect('00');
    await sensor.postData({ moisture: 50 });
    await commands.expect('07');
    assert.ok(ripe.lines.some((line) => /\[warn\].*pump\.mjs.*is refused: .*Unexpected end/.test(line)));
  });

  it('gets itself out where it turns bad: rolled back, its actuators neutral', async () => {
    await drop(pump('3.0.0', TURNS_BAD));
    await untilVersion('3.0.0');
    const sensor = await pumpingSensor();
    const commands = await subscribe(sensor.broker, sensor.topic('cmd'));
    await commands.expect('00');
    await sensor.postData({ moisture: 50 });
    await commands.expect('09');
    for (let n = 0; n < 3; n++) await sensor.postData({ moisture: 1 });
    await commands.expect('00');
    await untilVersion('2.0.0');
    const own = (await plugin()) as Plugin;
    assert.equal(own.refused?.version, '3.0.0');
    assert.match(own.refused?.reason ?? '', /stopped after 3 failures.*a plant bit me/);
    await sensor.postData({ moisture: 50 });
    await commands.expect('07');
  });

  it('is pinned, unpinned, rolled back and looked for by the administrator, and by nobody else', async () => {
    for (const what of ['rescan', 'pin', 'unpin', 'rollback'])
      refused(
        await curl(ripe, 'POST', `/api/plugin/${what}`, { body: { name: 'PumpAgent' } }),
        401,
        'administrator',
      );
    assert.equal((await order('pin', { name: 'PumpAgent' }))?.pinned, true);
    await drop(pump('4.0.0'));
    await order('rescan');
    assert.equal((await plugin())?.version, '2.0.0');
    assert.equal((await order('unpin', { name: 'PumpAgent' }))?.version, '4.0.0');
    assert.equal((await order('rollback', { name: 'PumpAgent' }))?.version, '2.0.0');
    assert.equal((await order('rescan'))?.version, '2.0.0');
  });

  it('runs its last good version after a restart, where the folder then holds something broken', async () => {
    await ripe.stop();
    await drop('export default {');
    await ripe.start();
    assert.deepEqual([(await plugin())?.version, (await plugin())?.health], ['2.0.0', 'behind']);
  });

  it('that is removed during a job ends it: neutral, Disabled, its byte and state kept for its return', async () => {
    await drop(pump('5.0.0', HOLDS(7)));
    await untilVersion('5.0.0');
    const sensor = await pumpingSensor();
    await sensor.addAgent('00_First', 'PercentAgent');
    const commands = await subscribe(sensor.broker, sensor.topic('cmd'));
    await commands.settle('3200');
    await sensor.command('01_Pump', 600);
    await commands.expect('3201');
    await rm(path.join(ripe.pluginsDir, 'pump.mjs'));
    await commands.expect('3200');
    assert.equal((await sensor.agentStatus('01_Pump')).ui.state, 'Disabled');
    assert.equal(await plugin(), undefined);
    await drop(pump('5.0.0', HOLDS(7)));
    await untilVersion('5.0.0');
    assert.equal((await sensor.agentStatus('01_Pump')).ui.rendered, 'counted 0');
    await sensor.postData({ moisture: 50 });
    await commands.expect('3207');
  });

  it('come 50 at once', async () => {
    const names = Array.from({ length: 50 }, (_, n) => `Agent${n}`);
    const files = names.map((name) => [`${name}.mjs`, asModule(agentSource(name, HOLDS(1)))]);
    await writePlugins(ripe.pluginsDir, Object.fromEntries(files));
    await eventually(async () => {
      const loaded = accepted<string[]>(await curl(ripe, 'GET', '/api/agent'));
      for (const name of names) assert.ok(loaded.includes(name), name);
    }, 110_000);
    const sensor = await registerSensor(ripe);
    await sensor.addAgent('a', 'Agent49');
    const commands = await subscribe(sensor.broker, sensor.topic('cmd'));
    await commands.expect('00');
    await sensor.postData({ moisture: 50 });
    await commands.expect('01');
  }).timeout(150_000);
});
