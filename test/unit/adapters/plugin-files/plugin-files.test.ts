import assert from 'node:assert/strict';
import { appendFile, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, it } from 'mocha';
import { FakeAgent } from '../../../support/fake-agent.ts';
import { usePluginSite } from '../../../support/file-plugins.ts';
import { until } from '../../../support/until.ts';
import { agentType, esm, forced, reading, view } from '../agents/agents-support.ts';

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

describe('A plugin whose new version is bad', () => {
  const site = usePluginSite();

  for (const [what, text, reason] of [
    ['is cut off in the middle', version('2.0.0').slice(0, 120), /./],
    ['has a syntax error', 'export default {', /syntax error: Unexpected end of input/],
    [
      'throws on the first reading',
      esm({
        decide:
          '(e) => { if (e.type === "reading") throw new Error("dry"); return { because: { code: "c" } }; }',
      }),
      /decide on reading: .*dry/,
    ],
    [
      'loops on the first reading',
      esm({ decide: '(e) => { while (e.type === "reading"); return { because: { code: "c" } }; }' }),
      /no answer within 250 ms/,
    ],
    [
      'allocates 200 MB at once',
      esm({ start: '() => Buffer.alloc(2e8).length' }),
      /allocates 200 MB at once/,
    ],
  ] as const) {
    it(`that ${what} is refused with the reason, and the last good one runs on`, async () => {
      await site().write('fern.mjs', version('1.0.0'));
      await site().start();
      const host = site().registry.get('FernAgent');
      await site().write('fern.mjs', text);
      const failed = await site().next('failed');
      assert.match(failed.reason ?? '', reason);
      assert.equal(failed.name, 'FernAgent');
      assert.equal(site().registry.get('FernAgent'), host);
      assert.equal((await host?.decide(forced(7), view()))?.hold, 7);
      const { health, version: running, refused } = site().info('fern.mjs');
      assert.deepEqual([health, running], ['behind', '1.0.0']);
      assert.match(refused?.reason ?? '', reason);
      assert.doesNotMatch(refused?.reason ?? '', /ripe-site-/);
    });
  }

  it('that never ends its loading is given up, and the last good one runs on', async () => {
    await site().write('fern.mjs', version('1.0.0'));
    await site().start();
    await site().write('fern.mjs', 'for (;;);');
    assert.match((await site().next('failed')).reason ?? '', /did not load within 5000 ms/);
    assert.equal(site().version('FernAgent'), '1.0.0');
  });

  it('is repaired by the next one', async () => {
    await site().write('fern.mjs', 'export default {');
    await site().start();
    assert.equal(site().info('fern.mjs').health, 'failed');
    await site().write('fern.mjs', version('1.0.0'));
    await site().next('loaded');
    assert.deepEqual([site().info('fern.mjs').health, site().info('fern.mjs').refused], ['well', null]);
  });

  it('does not come up after a restart either: the last good one does', async () => {
    await site().write('fern.mjs', version('1.0.0'));
    await site().start();
    await site().restart(() => site().write('fern.mjs', 'export default {'));
    assert.equal(site().version('FernAgent'), '1.0.0');
    assert.equal(site().info('fern.mjs').health, 'behind');
  });

  it('does not harm the start where its staged copies are lost or damaged', async () => {
    await site().write('fern.mjs', version('1.0.0'));
    await site().start();
    await site().restart(async () => {
      await rm(site().staging, { recursive: true });
      await mkdir(site().staging);
      await writeFile(path.join(site().staging, 'catalogue.json'), '{"plugins": [1');
    });
    assert.equal(site().version('FernAgent'), '1.0.0');
    await site().files.look();
    assert.ok(JSON.parse(await readFile(path.join(site().staging, 'catalogue.json'), 'utf8')).plugins);
  });
});

describe('Names and versions of plugins', () => {
  const site = usePluginSite();

  it('are refused where another plugin of the folder has the name, until that is gone', async () => {
    await site().write('a-fern.mjs', version('1.0.0'));
    await site().start();
    await site().write('b-fern.mjs', version('9.0.0'));
    assert.match((await site().next('failed')).reason ?? '', /the name FernAgent is taken by a-fern\.mjs/);
    assert.equal(site().version('FernAgent'), '1.0.0');
    await site().delete('a-fern.mjs');
    await until(() => site().version('FernAgent') === '9.0.0', 30_000);
    assert.equal(site().info('b-fern.mjs').health, 'well');
  });

  it('supersede what ships with RIPE, which comes back when they are removed', async () => {
    const shipped = new FakeAgent('FernAgent', { source: 'shipped' as 'folder', version: '1.0.0' });
    site().desk.register('FernAgent', shipped);
    await site().write('fern.mjs', version('3.0.0'));
    await site().start();
    assert.equal(site().version('FernAgent'), '3.0.0');
    assert.deepEqual(
      site()
        .desk.list()
        .map(({ source, isInService }) => [source, isInService]),
      [
        ['folder', true],
        ['shipped', false],
      ],
    );
    await site().delete('fern.mjs');
    await site().next('retired');
    assert.equal(site().registry.get('FernAgent'), shipped);
    assert.equal(shipped.isStopped, false);
  });

  it('are told apart where another content goes by the same version', async () => {
    await site().write('fern.mjs', version('1.0.0'));
    await site().start();
    await site().write('fern.mjs', `${version('1.0.0')}// changed`);
    await site().next('updated');
    assert.match(site().version('FernAgent') ?? '', /^1\.0\.0\+dev\.[0-9a-f]{8}$/);
    await site().write('fern.mjs', version('1.0.0'));
    await site().next('updated');
    assert.equal(site().version('FernAgent'), '1.0.0');
  });

  it('may change: what a file brings under another name comes in place of the former', async () => {
    await site().write('fern.mjs', named('FernAgent'));
    await site().start();
    await site().write('fern.mjs', named('MossAgent'));
    await site().next('retired', 'FernAgent');
    await site().next('loaded', 'MossAgent');
    assert.deepEqual(site().registry.names(), ['MossAgent']);
  });

  it('keep four versions as staged copies, and none of what is gone', async () => {
    await site().start();
    for (let n = 0; n < 6; n++) {
      await site().write('fern.mjs', version(`1.${n}.0`));
      await site().files.look();
    }
    assert.equal((await site().stagedCopies('fern.mjs')).length, 4);
    await site().delete('fern.mjs');
    await site().files.look();
    assert.deepEqual(await site().stagedCopies('fern.mjs'), []);
  });
});

describe('The watchdog over a plugin', () => {
  const site = usePluginSite();
  const THIRD =
    '(e) => { if (e.payload === 3) throw new Error("dry"); return { hold: e.payload ?? 0, because: { code: "c" } }; }';
  const bad = (text: string) => esm({ version: `"${text}"`, decide: THIRD });

  async function fail(times: number): Promise<void> {
    const host = site().registry.get('FernAgent');
    for (let n = 0; n < times; n++) await assert.rejects(async () => host?.decide(forced(3), view()));
  }

  it('rolls a version back that has failed three times, whatever it answered well in between', async () => {
    await site().write('fern.mjs', version('1.0.0'));
    await site().start();
    await site().write('fern.mjs', bad('2.0.0'));
    await site().next('updated');
    const condemned = site().registry.get('FernAgent');
    await fail(2);
    await condemned?.decide(forced(1), view());
    assert.equal(condemned?.condemned, null);
    await fail(1);
    assert.match(
      condemned?.condemned ?? '',
      /FernAgent 2\.0\.0 was stopped after 3 failures, the last: .*dry/,
    );
    const event = await site().next('rolledBack');
    assert.deepEqual([event.version, event.former], ['1.0.0', '2.0.0']);
    assert.match(event.reason ?? '', /dry/);
    assert.equal(site().version('FernAgent'), '1.0.0');
    const { health, refused } = site().info('fern.mjs');
    assert.deepEqual([health, refused?.version], ['behind', '2.0.0']);
  });

  it('rolls back one that throws from its third reading on, which no trial asks for', async () => {
    await site().write('fern.mjs', version('1.0.0'));
    await site().start();
    const decide = `(e) => {
      if (e.type === 'reading') readings += 1;
      if (readings > 2) throw new Error('dry');
      return { hold: readings, because: { code: 'c' } };
    }`;
    await site().write('fern.mjs', esm({ version: '"2.0.0"', decide }, 'let readings = 0;'));
    await site().next('updated');
    const host = site().registry.get('FernAgent');
    const holds: unknown[] = [];
    for (let n = 0; n < 5; n++) {
      const answer = Promise.resolve(host?.decide(reading(n), view()));
      holds.push(await answer.then((decision) => decision?.hold).catch(() => 'thrown'));
    }
    assert.deepEqual(holds, [1, 2, 'thrown', 'thrown', 'thrown']);
    assert.match((await site().next('rolledBack')).reason ?? '', /dry/);
    assert.equal(site().version('FernAgent'), '1.0.0');
  });

  it('does not take the same content again, also after a restart, until it changes', async () => {
    await site().write('fern.mjs', version('1.0.0'));
    await site().start();
    await site().write('fern.mjs', bad('2.0.0'));
    await site().next('updated');
    await fail(3);
    await site().next('rolledBack');
    await site().desk.attach(site().files);
    await site().desk.rescan();
    assert.equal(site().version('FernAgent'), '1.0.0');
    await site().restart();
    assert.equal(site().version('FernAgent'), '1.0.0');
    assert.match(site().info('fern.mjs').refused?.reason ?? '', /dry/);
    await site().write('fern.mjs', version('2.0.1'));
    await site().next('updated');
    assert.equal(site().version('FernAgent'), '2.0.1');
  });

  it('forgives failures after a day', async () => {
    await site().write('fern.mjs', bad('1.0.0'));
    await site().start();
    await fail(2);
    site().clock.pass(86_400_001);
    await fail(2);
    assert.equal(site().registry.get('FernAgent')?.condemned, null);
  });

  it('leaves nothing running where there is no earlier version', async () => {
    await site().write('fern.mjs', bad('1.0.0'));
    await site().start();
    await fail(3);
    const event = await site().next('rolledBack');
    assert.deepEqual([event.version, event.former], [null, '1.0.0']);
    assert.deepEqual(site().registry.names(), []);
    assert.equal(site().info('fern.mjs').health, 'failed');
  });

  it('counts overruns as well, and no state that it cannot take over', async () => {
    const decide = '(e) => { while (e.payload === 3); return { because: { code: "c" } }; }';
    await site().write('fern.mjs', esm({ decide, migrate: '() => { throw new Error("too old"); }' }));
    await site().start();
    for (let n = 0; n < 5; n++)
      await assert.rejects(async () => site().registry.get('FernAgent')?.migrate({}, '0.1.0'), /too old/);
    assert.equal(site().registry.get('FernAgent')?.condemned, null);
    await fail(3);
    assert.match((await site().next('rolledBack')).reason ?? '', /no answer within 250 ms/);
  });
});
