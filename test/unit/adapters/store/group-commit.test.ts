import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, it } from 'mocha';
import { GroupCommit } from '../../../../src/adapters/store/group-commit.ts';
import type { Change } from '../../../../src/domain/store.ts';

const settled = (): Promise<void> => sleep(20);

const debt = (sensor: number, key: string): Change => ({ type: 'clearOwed', sensor, key });

describe('A group that waits behind one that fails', () => {
  it('takes nothing along that whoever was refused takes back, however many awaits away', async () => {
    const batches: { changes: readonly Change[]; answer: (error?: Error) => void }[] = [];
    const commits = new GroupCommit({
      tickMs: 60_000,
      most: 100,
      commitBatch: (changes) =>
        new Promise((resolve, reject) => {
          batches.push({
            changes: [...changes],
            answer: (error) => (error === undefined ? resolve([]) : reject(error)),
          });
        }),
      onPoison: () => undefined,
      onFailing: () => undefined,
      onBack: () => undefined,
    });
    const patiently = async (depth: number): Promise<void> =>
      depth === 0 ? commits.commit() : await patiently(depth - 1);
    commits.write(debt(1, 'refused'));
    const refused = patiently(10).catch(() => commits.write(debt(1, 'as before')));
    await settled();
    commits.write(debt(2, 'another'));
    const other = commits.commit();
    await settled();
    batches[0]?.answer(new Error('the disk is full'));
    await settled();
    assert.deepEqual(batches[1]?.changes, [debt(2, 'another'), debt(1, 'as before')]);
    batches[1]?.answer();
    await Promise.all([refused, other]);
  });
});
