import assert from 'node:assert/strict';
import { Receipts } from '../../../../src/adapters/garden/receipts.ts';
import { quietly } from '../../../support/until.ts';

describe('receipts', () => {
  const stateOf = (promise: Promise<void>) =>
    Promise.race([promise.then(() => 'taken'), quietly(30).then(() => 'open')]);

  it('tell when the runtime has taken a message', async () => {
    const receipts = new Receipts(60_000);
    receipts.serve();
    const [first, second] = [receipts.expect(), receipts.expect()];
    receipts.take(second.id);
    assert.deepEqual([await stateOf(first.taken), await stateOf(second.taken)], ['open', 'taken']);
    receipts.take(first.id);
    await first.taken;
  });

  it('do not mind what is none', () => {
    const receipts = new Receipts();
    for (const nothing of [undefined, null, '1', 99]) receipts.take(nothing);
  });

  it('count a message as dropped on the wire after a while', async () => {
    const receipts = new Receipts(5);
    receipts.serve();
    await receipts.expect().taken;
  });

  it('wait for a runtime that starts later', async () => {
    const receipts = new Receipts(5);
    const { taken } = receipts.expect();
    assert.equal(await stateOf(taken), 'open');
    const stop = receipts.serve();
    await taken;
    const late = receipts.expect();
    stop();
    assert.equal(await stateOf(late.taken), 'open');
  });
});
