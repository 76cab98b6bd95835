import assert from 'node:assert/strict';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { describe, it } from 'mocha';
import type { GroupCommitOptions } from '../../../../src/adapters/store/commit-options.ts';
import { GroupCommit } from '../../../../src/adapters/store/group-commit.ts';
import type { Change } from '../../../../src/domain/change.ts';
import { until } from '../../../support/until.ts';

const settled = (): Promise<void> => sleep(20);
const STALLED = { code: 'RIPE_STORE_STALLED' };

const debt = (sensor: number, key: string): Change => ({ type: 'clearOwed', sensor, key });

interface Batch {
  readonly changes: readonly Change[];
  answer(error?: Error): void;
}

/** Commits of a database that answers when the test says so. */
function held(options: Partial<GroupCommitOptions> = {}) {
  const batches: Batch[] = [];
  const told: string[] = [];
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
    onFailing: () => told.push('failing'),
    onBack: () => told.push('back'),
    onStalled: () => told.push('stalled'),
    onOver: () => told.push('over'),
    ...options,
  });
  return { commits, batches, told };
}

describe('A group that waits behind one that fails', () => {
  it('takes nothing along that whoever was refused takes back, however many awaits away', async () => {
    const { commits, batches } = held();
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

describe('A read behind commits that are slow', () => {
  it('waits for that under way and the next one, however many are asked for meanwhile', async () => {
    const { commits, batches } = held();
    const write = (sensor: number) => {
      commits.write(debt(sensor, 'k'));
      void commits.commit();
    };
    write(0);
    await until(() => batches.length === 1);
    for (let sensor = 1; sensor <= 50; sensor += 1) {
      write(sensor);
      await nextTurn();
    }
    const read = commits.flush();
    batches[0]?.answer();
    await until(() => batches.length === 2);
    // As many are asked for while that one is under way.
    write(51);
    batches[1]?.answer();
    await read;
    assert.equal(batches[1]?.changes.length, 50);
  });
});

describe('A queue that has grown long', () => {
  const long = () => {
    const all = held({ mostAtOnce: 2 });
    for (let sensor = 1; sensor <= 5; sensor += 1) all.commits.write(debt(sensor, 'k'));
    return { ...all, done: all.commits.commit() };
  };
  const sensorsOf = ({ changes }: Batch) =>
    changes.map((change) => (change.type === 'clearOwed' ? change.sensor : 0));

  it('is written part by part, and acknowledged after the last one', async () => {
    const { batches, commits, done } = long();
    let isDone = false;
    void done.then(() => {
      isDone = true;
    });
    await until(() => batches.length === 1);
    commits.write(debt(6, 'k'));
    for (let part = 0; part < 3; part += 1) {
      await until(() => batches.length === part + 1);
      assert.equal(isDone, false);
      batches[part]?.answer();
    }
    await done;
    assert.deepEqual(batches.map(sensorsOf), [
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    assert.equal(commits.queued, 0);
  });

  it('is tried again from the part on that has failed', async () => {
    const { batches, done, commits } = long();
    await until(() => batches.length === 1);
    batches[0]?.answer();
    await until(() => batches.length === 2);
    batches[1]?.answer(new Error('the disk is full'));
    await assert.rejects(done, { code: 'RIPE_STORE_FAILED' });
    const again = commits.flush();
    for (let part = 2; part < 4; part += 1) {
      await until(() => batches.length === part + 1);
      batches[part]?.answer();
    }
    await again;
    assert.deepEqual(batches.map(sensorsOf), [[1, 2], [3, 4], [3, 4], [5]]);
  });
});

describe('A commit that hangs', () => {
  const hanging = async () => {
    const all = held({ stallMs: 20 });
    all.commits.write(debt(1, 'k'));
    const done = all.commits.commit();
    await until(() => all.batches.length === 1);
    return { ...all, done };
  };

  it('is told once when it has hung for long, and once when it is over', async () => {
    const { commits, batches, told, done } = await hanging();
    await until(() => told.length > 0);
    await settled();
    assert.deepEqual(told, ['stalled']);
    assert.ok(commits.pendingMs >= 20);
    batches[0]?.answer();
    await done;
    assert.deepEqual([told, commits.pendingMs], [['stalled', 'over'], 0]);
  });

  it('is not told of where it is a short one', async () => {
    const { told, batches, done } = await hanging();
    batches[0]?.answer();
    await done;
    await sleep(40);
    assert.deepEqual(told, []);
  });

  it('refuses reads, those that wait as well as those to come, until it is over', async () => {
    const { commits, batches, told, done } = await hanging();
    await assert.rejects(commits.flush(), STALLED);
    assert.deepEqual(told, ['stalled']);
    await assert.rejects(commits.flush(), STALLED);
    assert.equal(commits.stalled?.status, 503);
    batches[0]?.answer();
    await done;
    await commits.flush();
    assert.equal(commits.stalled, null);
  });

  it('goes on counting while it is tried again, and is not told again by those', async () => {
    const { commits, batches, told, done } = await hanging();
    await until(() => told.length > 0);
    batches[0]?.answer(new Error('an input/output error'));
    await assert.rejects(done, { code: 'RIPE_STORE_FAILED' });
    assert.deepEqual(told, ['stalled', 'over', 'failing']);
    void commits.flush().catch(() => undefined);
    await until(() => batches.length === 2);
    await sleep(40);
    assert.ok(commits.pendingMs >= 60);
    assert.deepEqual(told, ['stalled', 'over', 'failing']);
    batches[1]?.answer();
    await until(() => told.at(-1) === 'back');
    assert.equal(commits.pendingMs, 0);
  });
});
