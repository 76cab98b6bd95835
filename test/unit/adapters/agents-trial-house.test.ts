import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { TrialHouse } from '../../../src/adapters/agents/trial-house.ts';
import { esm, usePluginFolder } from './agents-support.ts';

describe('The process in which plugins are tried', () => {
  const folder = usePluginFolder();
  let house: TrialHouse;
  const tried = async (text: string) => {
    const file = await folder.write('fern.mjs', text);
    return house.try({ file, source: 'folder', options: { plugin: 'fern.mjs' } });
  };

  beforeEach(() => {
    house = new TrialHouse();
  });
  afterEach(() => house.stop());

  it('says what a plugin brings', async () => {
    assert.deepEqual(await tried(esm({ neutral: '7' })), { name: 'FernAgent', version: '1.2.3', neutral: 7 });
  });

  it('says what is wrong, in the words and with the code of the trial', async () => {
    await assert.rejects(tried('export default 1;'), {
      code: 'RIPE_PLUGIN_INVALID',
      message: /fern\.mjs: the default export is no agent type/,
    });
  });

  // No worker thread holds this one: V8 ends the process that it is in.
  for (const [when, text] of [
    ['loads', `globalThis.leaf = new Array(5e7).fill(0);\n${esm({})}`],
    ['decides', esm({ decide: '() => { throw new Error(new Array(5e7).fill(0).length); }' })],
  ] as const) {
    it(`is the only one that ends where a plugin takes all memory at once when it ${when}`, async () => {
      await assert.rejects(tried(text), { name: 'RipeError' });
      assert.deepEqual((await tried(esm({}))).name, 'FernAgent');
    });
  }

  it('is ended after a loop that V8 does not interrupt, and the next plugin is tried in another', async () => {
    const loop = esm({ start: '() => { for (;;) new Array(1000).fill(1); }' });
    await assert.rejects(tried(loop), { code: 'RIPE_PLUGIN_TIMEOUT' });
    assert.equal((await tried(esm())).name, 'FernAgent');
  });

  it('is ended when it stands still', async () => {
    house = new TrialHouse(1);
    await assert.rejects(tried(esm({})), { message: /no end of its trial within 1 ms/ });
  });

  it('tries one after the other', async () => {
    const both = await Promise.allSettled([tried('export default 1;'), tried('export default 1;')]);
    assert.deepEqual(
      both.map(({ status }) => status),
      ['rejected', 'rejected'],
    );
  });
});
