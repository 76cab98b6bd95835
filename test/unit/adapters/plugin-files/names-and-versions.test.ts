import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { FakeAgent } from '../../../support/fake-agent.ts';
import { usePluginSite } from '../../../support/file-plugins.ts';
import { until } from '../../../support/until.ts';
import { esm } from '../agents/agents-support.ts';

const version = (text: string) => esm({ version: `"${text}"` });
const named = (name: string) => esm({ name: `"${name}"` });

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
