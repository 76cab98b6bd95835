import assert from 'node:assert/strict';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'mocha';
import { usePluginSite } from '../../../support/file-plugins.ts';
import { until } from '../../../support/until.ts';
import { esm } from '../agents/agents-support.ts';

const version = (text: string) => esm({ version: `"${text}"` });

describe('What a person asks of plugins', () => {
  const site = usePluginSite();

  async function twoVersions(): Promise<void> {
    await site().write('fern.mjs', version('1.0.0'));
    await site().start();
    site().desk.attach(site().files);
    await site().write('fern.mjs', version('2.0.0'));
    await site().next('updated');
  }

  it('rolls back to the version before, which stays until the file changes', async () => {
    await twoVersions();
    assert.equal(site().info('fern.mjs').lastGood, '1.0.0');
    await site().desk.rollBack('FernAgent');
    assert.equal(site().version('FernAgent'), '1.0.0');
    assert.equal((await site().next('rolledBack')).reason, 'rolled back by request');
    await site().desk.rescan();
    assert.equal(site().version('FernAgent'), '1.0.0');
    await assert.rejects(site().desk.rollBack('FernAgent'), /name: has no earlier version/);
  });

  it('pins the version that runs, whatever lies in the folder, also after a restart', async () => {
    await twoVersions();
    await site().desk.pin('FernAgent');
    await site().write('fern.mjs', version('3.0.0'));
    await site().files.look();
    assert.equal(site().version('FernAgent'), '2.0.0');
    await site().restart(() => site().delete('fern.mjs'));
    site().desk.attach(site().files);
    assert.equal(site().version('FernAgent'), '2.0.0');
    assert.equal(site().info('fern.mjs').isPinned, true);
    await site().write('fern.mjs', version('4.0.0'));
    await site().files.look();
    assert.equal(site().version('FernAgent'), '2.0.0');
    await site().desk.unpin('fern.mjs');
    assert.equal(site().version('FernAgent'), '4.0.0');
  });

  it('pins an earlier version by its name; one that is not kept is refused', async () => {
    await twoVersions();
    await site().desk.pin('FernAgent', '1.0.0');
    assert.equal(site().version('FernAgent'), '1.0.0');
    await assert.rejects(site().desk.pin('FernAgent', '0.5.0'), /version: is not kept/);
  });

  it('is refused for what is no plugin of files, and where nobody loads any', async () => {
    await site().start();
    await assert.rejects(site().desk.rescan(), /No ripe-plugin-loader/);
    site().desk.attach(site().files);
    for (const order of [
      () => site().desk.pin('Nobody'),
      () => site().desk.unpin('Nobody'),
      () => site().desk.rollBack('Nobody'),
    ])
      await assert.rejects(order, /name: is no plugin of the folder or the palette/);
  });

  describe('while the disk takes nothing', () => {
    const obstacle = () => path.join(site().staging, 'catalogue.json.tmp');
    const takeNothing = async () => {
      // What is being written comes first.
      await site().files.look();
      await mkdir(obstacle());
    };
    const unwritten = /What is remembered of plugins cannot be written: /;
    const state = () => [site().version('FernAgent'), site().info('fern.mjs')];

    for (const [order, ask] of [
      ['a pin', () => site().desk.pin('FernAgent')],
      ['a pin of an earlier version', () => site().desk.pin('FernAgent', '1.0.0')],
      ['a rollback', () => site().desk.rollBack('FernAgent')],
    ] as const) {
      it(`refuses ${order}, and leaves everything as it was, also after a restart`, async () => {
        await twoVersions();
        await takeNothing();
        const before = state();
        await assert.rejects(ask, unwritten);
        assert.deepEqual(state(), before);
        await site().restart(() => rm(obstacle(), { recursive: true }));
        assert.deepEqual(state(), before);
        site().desk.attach(site().files);
        await ask();
        assert.notDeepEqual(state(), before);
      });
    }

    it('goes on with a pin whose end it cannot write', async () => {
      await twoVersions();
      await site().desk.pin('FernAgent');
      await takeNothing();
      await assert.rejects(site().desk.unpin('FernAgent'), unwritten);
      assert.equal(site().info('fern.mjs').isPinned, true);
    });

    it('takes what lies in the folder all the same, and says that it may be forgotten', async () => {
      await twoVersions();
      await takeNothing();
      await site().write('fern.mjs', version('3.0.0'));
      assert.equal((await site().next('updated')).version, '3.0.0');
      await until(() => site().errors.some((error) => unwritten.test(String(error))));
    });
  });
});
