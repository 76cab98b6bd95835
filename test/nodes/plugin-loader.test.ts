import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { LEVEL, useNodeRed } from '../support/node-red-site.ts';
import { type FlowNode, gardenNode, inGarden, probe, tab, wired } from '../support/ripe-flow.ts';
import { until } from '../support/until.ts';

/** Each plugin starts two processes, on a machine that may be busy. */
const BUSY_MS = 25_000;
const STATUS = 'ripe-plugin-loader.status';
const SHIPPED = ['PercentAgent', 'TestAgent', 'ThresholdAgent', 'TimeAgent'];

describe('ripe-plugin-loader', function () {
  this.timeout(60_000);
  const site = useNodeRed();

  const flow = (properties: object = {}): FlowNode[] => [
    tab(),
    gardenNode(),
    inGarden('loader', 'ripe-plugin-loader', properties, ['events']),
    probe('events'),
  ];
  const drop = async (name: string, code: string, folder = 'plugins') => {
    await mkdir(path.join(site.folder, folder), { recursive: true });
    await writeFile(path.join(site.folder, folder, name), code);
  };
  const events = () =>
    site.messages('events').map(({ topic, payload }) => ({ topic, ...(payload as object) }));
  const about = (name: string) =>
    until(() => events().find((event) => 'name' in event && event.name === name), BUSY_MS);

  it('tells of each agent type that RIPE ships, and puts it in service', async () => {
    await site.load(flow());
    assert.equal((await site.badge('loader', `${STATUS}.ready {"types":4}`, BUSY_MS)).fill, 'green');
    await until(() => events().length === 4);
    assert.deepEqual(
      events().sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b))),
      SHIPPED.map((name) => ({
        topic: 'plugin/loaded',
        name,
        version: '1.0.0',
        source: 'shipped',
        plugin: name,
      })),
    );
    assert.deepEqual(site.garden.agentTypes.names(), SHIPPED);
    await site.unload();
    assert.deepEqual(site.logged(LEVEL.WARN), []);
  });

  it('loads a module of its folder, which then decides', async () => {
    await drop('frost.mjs', agentType('FrostAgent'));
    await site.load(flow());
    assert.deepEqual(await about('FrostAgent'), {
      topic: 'plugin/loaded',
      name: 'FrostAgent',
      version: '0.3.0',
      source: 'folder',
      plugin: 'frost.mjs',
    });
    await site.badge('loader', `${STATUS}.ready {"types":5}`, BUSY_MS);
    const host = site.garden.agentTypes.get('FrostAgent');
    assert.equal(await host?.start({}), 'begun');
  });

  it('refuses a bad module with its reason, keeps the others, and turns yellow', async () => {
    await drop('a-broken.mjs', 'export default {');
    await drop('b-empty.mjs', 'export const nothing = 1;');
    await drop('c-half.mjs', agentType('HalfAgent').replace('decide', 'decline'));
    await drop('d-frost.mjs', agentType('FrostAgent'));
    await site.load(flow());
    const { fill } = await site.badge('loader', `${STATUS}.problems {"types":5,"failed":3}`, BUSY_MS);
    assert.equal(fill, 'yellow');
    await about('FrostAgent');
    const failed = events().filter(({ topic }) => topic === 'plugin/failed');
    const reasons = failed.map((event) => [
      (event as { name?: string }).name,
      (event as { reason?: string }).reason,
    ]);
    assert.deepEqual(reasons.map(([name]) => name).sort(), ['a-broken.mjs', 'b-empty.mjs', 'c-half.mjs']);
    assert.match(String(reasons.find(([name]) => name === 'c-half.mjs')?.[1]), /decide/);
    for (const event of failed) {
      const { version, source } = event as { version?: unknown; source?: unknown };
      assert.deepEqual([version, source], [null, 'folder']);
    }
    assert.equal(site.logged(LEVEL.WARN, 'loader').length, 3);
  });

  it('looks again when it is asked to: what is new, what has changed and what was repaired', async () => {
    await drop('frost.mjs', 'export default {');
    await site.load(flow());
    await site.badge('loader', `${STATUS}.problems`, BUSY_MS);
    await drop('frost.mjs', agentType('FrostAgent'));
    await drop('fog.mjs', agentType('FogAgent'));
    site.receive('loader', { topic: 'plugin/rescan' });
    await site.badge('loader', `${STATUS}.ready {"types":6}`, BUSY_MS);
    for (const name of ['FrostAgent', 'FogAgent']) await about(name);
    await drop('fog.mjs', agentType('FogAgent', '0.4.0'));
    site.receive('loader', { topic: 'plugin/rescan' });
    await until(() => events().some((event) => 'version' in event && event.version === '0.4.0'), BUSY_MS);
    assert.equal(site.garden.agentTypes.get('FogAgent')?.version, '0.4.0');
  });

  it('rolls back when it is asked to, and does not take that for a fault', async () => {
    await drop('frost.mjs', agentType('FrostAgent'));
    await site.load(flow());
    await about('FrostAgent');
    await drop('frost.mjs', agentType('FrostAgent', '0.4.0'));
    await until(() => site.garden.agentTypes.get('FrostAgent')?.version === '0.4.0', BUSY_MS);
    site.receive('loader', { topic: 'plugin/rollback', payload: { name: 'FrostAgent' } });
    await until(() => site.garden.agentTypes.get('FrostAgent')?.version === '0.3.0', BUSY_MS);
    const [notice] = await until(() => {
      const lines = site.logged(LEVEL.INFO, 'loader').filter((line) => String(line).includes('rolled back'));
      return lines.length > 0 && lines;
    });
    assert.match(String(notice), /version 0\.4\.0 is rolled back to 0\.3\.0 by request$/);
    assert.deepEqual(site.logged(LEVEL.ERROR), []);
  });

  it('says what becomes of the agents of a plugin whose file is gone', async () => {
    await drop('frost.mjs', agentType('FrostAgent'));
    await drop('threshold.mjs', agentType('ThresholdAgent'));
    await site.load(flow());
    await site.badge('loader', `${STATUS}.ready {"types":5}`, BUSY_MS);
    for (const name of ['frost.mjs', 'threshold.mjs']) await rm(path.join(site.folder, 'plugins', name));
    site.receive('loader', { topic: 'plugin/rescan' });
    const gone = () => site.logged(LEVEL.INFO, 'loader').filter((line) => line.includes(' is gone'));
    await until(() => gone().length === 2, BUSY_MS);
    assert.deepEqual(gone().sort(), [
      'plugin FrostAgent (frost.mjs of the folder) is gone: its agents rest until it comes back',
      'plugin ThresholdAgent (threshold.mjs of the folder) is gone: the shipped one decides now',
    ]);
  });

  it('logs what a plugin writes to its console, under its name', async () => {
    await drop(
      'frost.mjs',
      agentType('FrostAgent').replace(
        "start: () => 'begun'",
        "start: () => { console.log('begins with', 7); return 'begun'; }",
      ),
    );
    await site.load(flow());
    await about('FrostAgent');
    await site.garden.agentTypes.get('FrostAgent')?.start({});
    await until(() =>
      site.logged(LEVEL.INFO, 'loader').some((line) => line === 'plugin frost.mjs: begins with 7'),
    );
  });

  // One of them writes the database.
  for (const [pluginHost, threads] of [
    ['process', 1],
    ['thread', 2],
  ] as const) {
    it(`runs JavaScript where the settings say: in a ${pluginHost}`, async () => {
      let born = 0;
      const count = () => {
        born += 1;
      };
      process.on('worker', count);
      try {
        await drop('frost.mjs', agentType('FrostAgent'));
        await site.load(flow(), { settings: { ripe: { pluginHost } } });
        await about('FrostAgent');
        assert.equal(born, threads);
      } finally {
        process.off('worker', count);
      }
    });
  }

  it('refuses another host by its name', async () => {
    await site.load(flow(), { settings: { ripe: { pluginHost: 'cloud' } } });
    await site.error('loader', 'pluginHost: must be one of process, thread');
  });

  it('understands only its four orders', async () => {
    await site.load(flow());
    site.receive('loader', { topic: 'rescan' });
    await site.error('loader', 'topic: must be plugin/rescan, plugin/pin, plugin/unpin or plugin/rollback');
  });

  it('takes its folder from the dialog, then from the settings, then from the data directory', async () => {
    await drop('a.mjs', agentType('OfDialog'), 'dialog');
    await drop('b.mjs', agentType('OfSettings'), 'settings');
    const settings = { ripe: { pluginsDir: path.join(site.folder, 'settings') } };
    await site.load(flow({ folder: path.join(site.folder, 'dialog') }), { settings });
    await about('OfDialog');
    await site.unload();
    await site.load(flow({ folder: '' }), { settings });
    await about('OfSettings');
    assert.equal(events().filter((event) => 'name' in event && event.name === 'OfDialog').length, 1);
    await rm(path.join(site.folder, 'settings'), { recursive: true });
  });

  it('needs a garden', async () => {
    await site.load([tab(), wired('loader', 'ripe-plugin-loader')]);
    await site.error('loader', 'No ripe-garden is chosen');
    assert.equal((await site.badge('loader', `${STATUS}.failed`, BUSY_MS)).fill, 'red');
  });
});

const agentType = (name: string, version = '0.3.0'): string => `export default {
  name: '${name}',
  version: '${version}',
  apiVersion: 1,
  settings: {},
  neutral: 0,
  explanations: { en: { idle: 'Does nothing.' }, de: { idle: 'Tut nichts.' } },
  start: () => 'begun',
  decide: () => ({ because: { code: 'idle' } }),
  render: () => ({ decorator: { Text: null }, state: 'Ready', rendered: 'idle' }),
};
`;
