import assert from 'node:assert/strict';
import type { PrunePolicy } from '../../src/domain/store.ts';
import { make } from './changes.ts';
import { EVER, type OpenStore, slice } from './open-store.ts';

/** What a store promises of what it deletes because of its age. */
export function describePruning(open: OpenStore): void {
  const NOTHING: PrunePolicy = {
    readingsBefore: null,
    jobsBefore: null,
    rowsBefore: null,
    historyBefore: null,
    most: 100,
  };
  const prune = (before: number, most = 100) =>
    open.store.prune({ ...NOTHING, readingsBefore: before, jobsBefore: before, most });
  const addHistory = (sensor: number, ...times: number[]) => {
    for (const at of times) {
      open.write({ type: 'rowSaved', sensor, row: make.row(at) });
      open.write({ type: 'commandAdded', command: make.command(at, { sensor }) });
      open.write({ type: 'decisionAdded', decision: make.decision(at, { sensor }) });
    }
  };
  const addReadings = (sensor: number, ...times: number[]) => {
    for (const at of times) open.write({ type: 'readingAdded', sensor, reading: make.reading(at) });
  };

  describe('pruning', () => {
    it('finds nothing in an empty garden', async () => {
      assert.equal(await prune(100), 0);
    });

    it('deletes the readings before a time, of every sensor', async () => {
      addReadings(1, 1, 2, 3);
      addReadings(5, 2, 2);
      addReadings(7, 3);
      assert.equal(await prune(3), 4);
      assert.equal(await prune(3), 0);
      assert.equal(await prune(4), 2);
    });

    it('deletes no more at once than it is told to', async () => {
      addReadings(1, 1, 2, 3);
      addReadings(2, 1, 2, 3);
      open.write({ type: 'jobSaved', job: make.job('a', { status: 'ended', endedAt: 1 }) });
      const counts = [await prune(9, 4), await prune(9, 4), await prune(9, 4)];
      assert.deepEqual(counts, [4, 3, 0]);
    });

    it('erases the history of one sensor in bites, and nothing of another', async () => {
      addReadings(1, 1, 2, 2, 3);
      addReadings(2, 1);
      addHistory(1, 1, 2);
      addHistory(2, 1);
      const counts = [];
      for (let n = 0; n < 4; n += 1) counts.push(await open.store.erase(1, 4));
      assert.deepEqual(counts, [4, 4, 2, 0]);
      assert.deepEqual(await open.store.readings(1, slice(100)), []);
      assert.deepEqual(await open.store.rows(1, EVER), []);
      assert.deepEqual(await open.store.decisions(1, slice(100)), []);
      assert.equal((await open.store.readings(2, slice(100))).length, 1);
      assert.deepEqual(await open.store.rows(2, EVER), [make.row(1)]);
      assert.equal((await open.store.commands(2, EVER)).length, 1);
    });

    it('deletes jobs that ended before a time, and none that has not ended', async () => {
      const ended = (id: string, endedAt: number) => make.job(id, { status: 'ended', endedAt });
      for (const job of [ended('a', 1), ended('b', 5), make.job('c')]) open.write({ type: 'jobSaved', job });
      assert.equal(await prune(5), 1);
      assert.deepEqual(await open.store.openJobs(), [make.job('c')]);
      assert.equal(await prune(6), 1);
    });

    it('deletes rows before a time, where it is told to', async () => {
      addHistory(1, 1, 2, 3);
      addHistory(4, 2, 9);
      assert.equal(await open.store.prune({ ...NOTHING, rowsBefore: 3 }), 3);
      assert.deepEqual(await open.store.rows(1, EVER), [make.row(3)]);
      assert.deepEqual(await open.store.rows(4, EVER), [make.row(9)]);
      assert.equal((await open.store.commands(1, EVER)).length, 3);
    });

    it('deletes commands and decisions before a time, where it is told to, in bites', async () => {
      addHistory(1, 1, 2, 3);
      addHistory(4, 2, 9);
      const bite = () => open.store.prune({ ...NOTHING, historyBefore: 3, most: 4 });
      assert.deepEqual([await bite(), await bite(), await bite()], [4, 2, 0]);
      for (const [sensor, at] of [
        [1, 3],
        [4, 9],
      ] as const) {
        assert.deepEqual(await open.store.commands(sensor, EVER), [make.command(at, { sensor })]);
        assert.deepEqual(await open.store.decisions(sensor, slice(9)), [make.decision(at, { sensor })]);
      }
      assert.equal((await open.store.rows(1, EVER)).length, 3);
    });

    it('keeps rows, commands and decisions', async () => {
      addHistory(1, 1);
      assert.equal(await prune(Number.MAX_SAFE_INTEGER), 0);
      assert.equal((await open.store.rows(1, EVER)).length, 1);
      assert.equal((await open.store.commands(1, EVER)).length, 1);
      assert.equal((await open.store.decisions(1, slice(9))).length, 1);
    });
  });
}
