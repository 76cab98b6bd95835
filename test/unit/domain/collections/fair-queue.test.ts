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
});
