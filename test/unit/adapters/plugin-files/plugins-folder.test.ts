import assert from 'node:assert/strict';
import { appendFile, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, it } from 'mocha';
import { usePluginSite } from '../../../support/file-plugins.ts';
import { until } from '../../../support/until.ts';
import { agentType, esm, forced, view } from '../agents/agents-support.ts';

const version = (text: string) => esm({ version: `"${text}"` });
const named = (name: string) => esm({ name: `"${name}"` });

describe('A plugins folder', () => {
  const site = usePluginSite();

  it('is made where it is not there, and nothing comes of an empty one', async () => {
    await rm(site().folder, { recursive: true });
    await site().start();
    assert.deepEqual(site().desk.list(), []);
  });

  it('holds modules of every kind and packages; anything else is no plugin', async () => {
    await site().write('a.js', named('A'));
    await site().write('b.mjs', named('B'));
    await site().write('c.cjs', `module.exports = ${agentType({ name: '"C"' })};`);
    await site().write('d/index.js', named('D'));
    await site().write('e/package.json', '{"main": "lib/main.mjs"}');
    await site().write('e/lib/main.mjs', `import { name } from './name.mjs';\n${esm({ name: 'name' })}`);
    await site().write('e/lib/name.mjs', 'export const name = "E";');
    for (const name of ['readme.md', '.hidden.js', 'node_modules/x/index.js', 'data.json', 'b.mjs~'])
      await site().write(name, '');
    await site().start();
    assert.deepEqual(site().registry.names(), ['A', 'B', 'C', 'D', 'E']);
    assert.deepEqual(
      site()
        .desk.list()
        .map(({ health }) => health),
      Array.from({ length: 5 }, () => 'well'),
    );
  });

  it('is watched: what comes, changes and goes does so without being asked for', async () => {
    await site().start();
    await site().write('fern.mjs', version('1.0.0'));
    assert.deepEqual(await site().next('loaded'), {
      kind: 'loaded',
      name: 'FernAgent',
      version: '1.0.0',
      plugin: 'fern.mjs',
      source: 'folder',
    });
    await site().write('fern.mjs', version('1.1.0'));
    assert.deepEqual(await site().next('updated'), {
      kind: 'updated',
      name: 'FernAgent',
      version: '1.1.0',
      former: '1.0.0',
      plugin: 'fern.mjs',
      source: 'folder',
    });
    await site().delete('fern.mjs');
    assert.equal((await site().next('retired')).version, '1.1.0');
    assert.deepEqual([site().registry.names(), site().desk.list()], [[], []]);
  });

  it('is seen to change in place, also where only a module changes that a package imports (protocol §9 FIX)', async () => {
    await site().write('fern/package.json', '{"main": "main.mjs"}');
    await site().write(
      'fern/main.mjs',
      `import { value } from './value.mjs';\n${esm({ decide: '() => ({ hold: value, because: { code: "c" } })' })}`,
    );
    await site().write('fern/value.mjs', 'export const value = 1;');
    await site().start();
    await site().write('fern/value.mjs', 'export const value = 2;');
    await site().next('updated');
    const decision = await site().registry.get('FernAgent')?.decide(forced(0), view());
    assert.equal(decision?.hold, 2);
  });

  it('takes what an editor puts in place by a rename, each time', async () => {
    await site().start();
    for (const text of ['1.0.0', '1.1.0', '1.2.0']) {
      await site().writeAside('fern.mjs', version(text));
      await until(() => site().version('FernAgent') === text, 30_000);
    }
    // The dance of vim with a backup: the file is away for a moment.
    const file = path.join(site().folder, 'fern.mjs');
    await rename(file, `${file}~`);
    await writeFile(file, version('1.3.0'));
    await rm(`${file}~`);
    await until(() => site().version('FernAgent') === '1.3.0', 30_000);
    assert.ok(!site().events.some(({ kind }) => kind === 'retired' || kind === 'failed'));
  });

  it('does nothing about a save that changes nothing', async () => {
    await site().write('fern.mjs', version('1.0.0'));
    await site().start();
    const host = site().registry.get('FernAgent');
    await site().write('fern.mjs', version('1.0.0'));
    await site().files.look();
    assert.equal(site().registry.get('FernAgent'), host);
  });

  it('may hold a link to a file or a package elsewhere, whose changes are seen too', async () => {
    const elsewhere = path.join(path.dirname(site().folder), 'checkout');
    await mkdir(elsewhere);
    await writeFile(path.join(elsewhere, 'fern.mjs'), version('1.0.0'));
    await mkdir(path.join(elsewhere, 'moss'));
    await writeFile(path.join(elsewhere, 'moss', 'index.js'), named('MossAgent'));
    await symlink(path.join(elsewhere, 'fern.mjs'), path.join(site().folder, 'fern.mjs'));
    await symlink(path.join(elsewhere, 'moss'), path.join(site().folder, 'moss'));
    await site().start();
    assert.deepEqual(site().registry.names(), ['FernAgent', 'MossAgent']);
    await writeFile(path.join(elsewhere, 'fern.mjs'), version('1.1.0'));
    await site().next('updated');
    assert.equal(site().version('FernAgent'), '1.1.0');
  });

  it('refuses a package in which a link leads out of it, a dangling link and a link in a ring', async () => {
    await site().write('fern/index.js', esm());
    await symlink('/etc', path.join(site().folder, 'fern', 'etc'));
    await site().write('moss/index.js', named('MossAgent'));
    await symlink('..', path.join(site().folder, 'moss', 'up'));
    await site().write('ring/index.js', named('RingAgent'));
    await symlink('.', path.join(site().folder, 'ring', 'again'));
    await symlink(path.join(site().folder, 'nowhere.mjs'), path.join(site().folder, 'dangling.mjs'));
    await symlink('self.mjs', path.join(site().folder, 'self.mjs'));
    await site().write('good.mjs', named('GoodAgent'));
    await site().start();
    assert.deepEqual(site().registry.names(), ['GoodAgent']);
    assert.match(site().info('fern').refused?.reason ?? '', /etc is a link that leads out of the package/);
    assert.match(site().info('moss').refused?.reason ?? '', /up is a link that leads out of the package/);
    assert.match(site().info('ring').refused?.reason ?? '', /again is a link in a ring/);
    for (const plugin of ['dangling.mjs', 'self.mjs']) assert.equal(site().info(plugin).health, 'failed');
  });

  it('resolves the contract of RIPE to the RIPE that runs, and bare imports as the user directory does', async () => {
    const modules = path.join(path.dirname(site().folder), 'node_modules', 'soil');
    await mkdir(modules, { recursive: true });
    await writeFile(path.join(modules, 'package.json'), '{"main": "soil.cjs", "version": "1.0.0"}');
    await writeFile(path.join(modules, 'soil.cjs'), 'exports.soil = "loam";');
    const text = `import * as contract from '@ripe-iot/node-red-ripe/agent';\nimport { soil } from 'soil';\n`;
    await site().write('fern.mjs', `${text}void contract;\n${esm({ start: '() => ({ soil })' })}`);
    await site().start();
    assert.deepEqual(await site().registry.get('FernAgent')?.start({}), { soil: 'loam' });
  });
});

describe('A plugins folder that somebody writes to slowly', () => {
  const site = usePluginSite({ idleMs: 200, unsettledMs: 20, settleMs: 2_000 });

  it('takes a file that is written in parts once, when it is whole', async () => {
    await site().start();
    const text = version('1.0.0');
    const file = await site().write('fern.mjs', text.slice(0, 40));
    for (let at = 40; at < text.length; at += 40) {
      await sleep(60);
      await appendFile(file, text.slice(at, at + 40));
    }
    await site().next('loaded');
    assert.deepEqual(site().events, []);
  });
});
