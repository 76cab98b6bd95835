import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { FairQueue } from '../../../../src/domain/collections/fair-queue.ts';

describe('A fair queue', () => {
  it('lets in one at a time, and each name in its turn', async () => {
    const queue = new FairQueue();
    const seen: number[] = [];
    let inside = 0;
    const visit = async (name: number) => {
      const leave = await queue.enter(name);
      inside += 1;
      assert.equal(inside, 1);
      seen.push(name);
      await Promise.resolve();
      inside -= 1;
      leave();
    };
    await Promise.all([1, 1, 1, 1, 2, 3, 2].map(visit));
    assert.deepEqual(seen, [1, 1, 2, 3, 1, 2, 1]);
    await visit(1);
    assert.equal(seen.length, 8);
  });

  it('refuses a name of which too many wait, and no other', async () => {
    const queue = new FairQueue(2);
    const leave = await queue.enter(1);
    const waiting = [queue.enter(1), queue.enter(1)];
    await assert.rejects(queue.enter(1), { code: 'RIPE_RATE_LIMITED' });
    const other = queue.enter(2);
    leave();
    for (const each of [waiting[0], other, waiting[1]]) (await each)?.();
    (await queue.enter(1))();
  });
});
