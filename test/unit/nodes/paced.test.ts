import assert from 'node:assert/strict';
import { createPace } from '../../../nodes/sensor-runtime/paced.ts';

describe('createPace', () => {
  it('calls at once what fits, and the rest in order, a slice per turn of the event loop', async () => {
    let now = 0;
    const pace = createPace(() => now);
    const called: number[] = [];
    for (let n = 0; n < 12; n++) {
      pace.run(() => {
        called.push(n);
        now += 1;
      });
    }
    assert.deepEqual(called, [0, 1, 2, 3, 4]);
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(called.length, 10);
    pace.run(() => called.push(12));
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(called, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  });

  it('forgets what waits when it is cleared', async () => {
    let now = 0;
    const pace = createPace(() => now);
    const called: number[] = [];
    for (const n of [1, 2]) {
      pace.run(() => {
        called.push(n);
        now += 10;
      });
    }
    pace.clear();
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(called, [1]);
  });
});
