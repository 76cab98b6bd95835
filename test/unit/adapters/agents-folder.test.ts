import assert from 'node:assert/strict';
import { symlink } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'mocha';
import threshold from '../../../plugins/threshold/threshold.ts';
import { AgentRegistry } from '../../../src/adapters/agents/agent-registry.ts';
import { limitsOf } from '../../../src/adapters/agents/limits.ts';
import { createLocalHost } from '../../../src/adapters/agents/local-host.ts';
import { PluginDesk } from '../../../src/adapters/agents/plugin-desk.ts';
import { findPlugins } from '../../../src/adapters/agents/plugin-folder.ts';
import { loadFolder } from '../../../src/adapters/agents/plugin-loading.ts';
import type { AgentType } from '../../../src/domain/agent-contract.ts';
import type { PluginEvent } from '../../../src/domain/plugin.ts';
import { FakeAgent } from '../../support/fake-agent.ts';
import { agentType, esm, forced, usePluginFolder, view } from './agents-support.ts';

describe('A folder of plugins', () => {
  const folder = usePluginFolder();
  const found = async () => (await findPlugins(folder.path)).map((file) => path.relative(folder.path, file));

  it('is made where it is not there', async () => {
    assert.deepEqual(await findPlugins(path.join(folder.path, 'new', 'one')), []);
  });

  it('holds modules and packages, in the order of their names', async () => {
    for (const name of ['b.mjs', 'a.js', 'c.cjs', 'd/index.js', 'e/package.json', 'f/package.json']) {
      await folder.write(name, name === 'e/package.json' ? '{"main": "lib/main.js"}' : '{');
    }
    assert.deepEqual(await found(), ['a.js', 'b.mjs', 'c.cjs', 'd/index.js', 'e/lib/main.js', 'f/index.js']);
  });

  it('holds nothing else', async () => {
    for (const name of ['readme.md', '.hidden.js', 'node_modules/x/index.js', 'data.json'])
      await folder.write(name, '');
    assert.deepEqual(await found(), []);
  });

  it('is loaded whole: what is bad is reported and harms nobody', async () => {
    const registry = new AgentRegistry();
    const desk = new PluginDesk(registry);
    const events: PluginEvent[] = [];
    desk.on('event', (event) => events.push(event));
    await folder.write('a-broken.mjs', 'export default {');
    await folder.write('good.mjs', esm({ name: '"GoodAgent"' }));
    await folder.write('package/package.json', '{"main": "main.cjs"}');
    await folder.write('package/main.cjs', `module.exports = ${agentType({ name: '"PackedAgent"' })};`);
    await symlink(path.join(folder.path, 'nowhere.mjs'), path.join(folder.path, 'link.mjs'));
    await loadFolder(desk, folder.path);
    assert.deepEqual(registry.names(), ['GoodAgent', 'PackedAgent']);
    assert.deepEqual(
      events.map(({ name, version, reason }) => [name, version, reason === undefined]),
      [
        ['a-broken.mjs', null, false],
        ['GoodAgent', '1.2.3', true],
        ['link.mjs', null, false],
        ['PackedAgent', '1.2.3', true],
      ],
    );
    registry.clear();
  });

  it('is looked at anew: a file that was overwritten in place is in service afterwards (protocol §9 FIX)', async () => {
    const registry = new AgentRegistry();
    const desk = new PluginDesk(registry);
    const events: PluginEvent[] = [];
    desk.on('event', (event) => events.push(event));
    await folder.write('fern.mjs', esm());
    await loadFolder(desk, folder.path);
    await folder.write('fern.mjs', esm({ version: '"2.0.0"' }));
    await loadFolder(desk, folder.path);
    assert.equal(registry.get('FernAgent')?.version, '2.0.0');
    const { hold } = (await registry.get('FernAgent')?.decide(forced(3), view())) ?? {};
    assert.equal(hold, 3);
    registry.clear();
  });
});

describe('The registry of agent types', () => {
  it('puts the latest of a name in service, stops the former, and tells of both', () => {
    const registry = new AgentRegistry();
    const changes: string[] = [];
    registry.on('changed', (name) => changes.push(name));
    const [first, second] = [new FakeAgent('Fern'), new FakeAgent('Fern', { version: '2.0.0' })];
    registry.put(first);
    registry.put(second);
    assert.deepEqual([first.isStopped, second.isStopped], [true, false]);
    assert.equal(registry.get('Fern'), second);
    assert.deepEqual(changes, ['Fern', 'Fern']);
  });

  it('stops nothing that is put in service once more', () => {
    const registry = new AgentRegistry();
    const agent = new FakeAgent('Fern');
    registry.put(agent);
    registry.put(agent);
    assert.equal(agent.isStopped, false);
  });

  it('names its types in order, and clears them all', () => {
    const registry = new AgentRegistry();
    const agents = ['b', 'a'].map((name) => new FakeAgent(name));
    for (const agent of agents) registry.put(agent);
    assert.deepEqual(registry.names(), ['a', 'b']);
    registry.delete('none');
    registry.clear();
    assert.deepEqual(registry.names(), []);
    assert.ok(agents.every(({ isStopped }) => isStopped));
  });
});

describe('A shipped agent type', () => {
  it('answers at once, in this thread', () => {
    const host = createLocalHost(threshold as unknown as AgentType<unknown, unknown>);
    assert.equal(host.source, 'shipped');
    assert.equal(host.limits.longestRunMs, 3_600_000);
    assert.equal(host.start({}) instanceof Promise, false);
    assert.deepEqual(host.migrate({ a: 1 }, '0.9.0'), { a: 1 });
  });

  it('is checked like any other before it is in service', () => {
    const broken = { ...threshold, version: 'first' } as unknown as AgentType<unknown, unknown>;
    assert.throws(() => createLocalHost(broken), /version/);
  });
});

describe('limitsOf', () => {
  for (const [asked, longestRunMs] of [
    [undefined, 86_400_000],
    [{}, 86_400_000],
    [{ longestRunMs: 5 }, 5],
    [{ longestRunMs: 1e12 }, 86_400_000],
  ] as const) {
    it(`allows ${longestRunMs} ms where ${JSON.stringify(asked)} is asked for`, () => {
      assert.equal(limitsOf(asked).longestRunMs, longestRunMs);
    });
  }
});
