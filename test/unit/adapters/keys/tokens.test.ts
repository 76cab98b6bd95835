import assert from 'node:assert/strict';
import { Tokens } from '../../../../src/adapters/keys/tokens.ts';

describe('Tokens', () => {
  it('know the administrator by a token, and nobody without one', () => {
    const tokens = new Tokens('secret', null);
    assert.equal(tokens.isAdministrator('secret'), true);
    for (const wrong of [undefined, '', 'Secret', 'secret ', 'sécret'])
      assert.equal(tokens.isAdministrator(wrong), false);
    assert.equal(new Tokens(null, 'm').isAdministrator(''), false);
  });

  it('open the metrics to whoever has theirs, and to the administrator; theirs opens nothing else', () => {
    const tokens = new Tokens('secret', 'figures');
    assert.deepEqual(
      ['secret', 'figures', 'other', undefined].map((token) => tokens.mayReadMetrics(token)),
      [true, true, false, false],
    );
    assert.equal(tokens.isAdministrator('figures'), false);
    assert.equal(new Tokens(null, null).mayReadMetrics(undefined), false);
  });
});
