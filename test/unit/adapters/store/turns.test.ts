import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, it } from 'mocha';
import { Turns } from '../../../../src/adapters/store/turns.ts';

const WORK_MS = 20;

function work(): void {
  const until = performance.now() + WORK_MS;
  while (performance.now() < until);
}

describe('Turns at reading', () => {
  it('leave everybody else as much time as they take, however many wait', async () => {
    const turns = new Turns();
    let passed = 0;
    const ticks = { are: true };
    const loop = (async () => {
      while (ticks.are) {
        await nextTurn();
        passed += 1;
      }
    })();
    const began: { at: number; passed: number }[] = [];
    await Promise.all(
      [1, 1, 1, 2].map(async (sensor) => {
        await turns.take(sensor);
        began.push({ at: performance.now(), passed });
        work();
      }),
    );
    ticks.are = false;
    await loop;
    for (const [index, { at, passed: before }] of began.entries()) {
      const former = began[index - 1];
      if (former === undefined) continue;
      assert.ok(at - former.at >= 2 * WORK_MS - 2, `${at - former.at} ms`);
      assert.ok(before > former.passed, 'the event loop has turned');
    }
  });

  it('come at once where nobody else reads', async () => {
    const turns = new Turns();
    let isIn = false;
    void turns.take(1).then(() => {
      isIn = true;
    });
    await Promise.resolve().then(() => Promise.resolve());
    assert.ok(isIn);
  });
});
