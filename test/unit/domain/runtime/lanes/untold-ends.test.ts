import assert from 'node:assert/strict';
import { UntoldEnds } from '../../../../../src/domain/runtime/lanes/untold-ends.ts';

describe('UntoldEnds', () => {
  it('tells the end of an expected job once', () => {
    const untold = new UntoldEnds();
    untold.expect('a', { startedAt: null, maySet: true });
    assert.deepEqual([untold.tell('a'), untold.tell('a'), untold.tell('never seen')], [true, false, false]);
    assert.equal(untold.isEmpty, true);
  });

  it('knows when an expected job started, and of others nothing', () => {
    const untold = new UntoldEnds();
    untold.expect('a', { startedAt: null, maySet: true });
    assert.equal(untold.startOf('a'), null);
    untold.started('a', 7);
    untold.started('never seen', 8);
    assert.deepEqual([untold.startOf('a'), untold.startOf('never seen')], [7, null]);
    assert.equal(untold.has('never seen'), false);
  });

  it('lets none set the actuator that it has revoked, but one that comes later', () => {
    const untold = new UntoldEnds();
    untold.expect('a', { startedAt: null, maySet: true });
    untold.revoke();
    untold.expect('b', { startedAt: null, maySet: true });
    assert.deepEqual(
      [untold.maySet('a'), untold.maySet('b'), untold.maySet('never seen')],
      [false, true, false],
    );
    assert.equal(untold.has('a'), true);
  });
});
