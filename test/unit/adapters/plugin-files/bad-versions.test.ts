import assert from 'node:assert/strict';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'mocha';
import { usePluginSite } from '../../../support/file-plugins.ts';
import { esm, forced, view } from '../agents/agents-support.ts';

const version = (text: string) => esm({ version: `"${text}"` });

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
