import assert from 'node:assert/strict';
import { KEEP_DAYS, Retention, type RetentionOptions } from '../../../../src/adapters/store/retention.ts';
import type { PrunePolicy } from '../../../../src/domain/store.ts';
import { quietly, until } from '../../../support/until.ts';

const DAY_MS = 86_400_000;
const NOW = 100 * DAY_MS;

describe('retention', () => {
  let running: Retention | undefined;
  afterEach(() => running?.stop());

  /** Keeps 90 days in a store that has `old` rows to delete. */
  function start(old: number, options: Partial<RetentionOptions> = {}) {
    const policies: PrunePolicy[] = [];
    const errors: unknown[] = [];
    const prune = async (policy: PrunePolicy) => {
      policies.push(policy);
      const count = Math.min(old, policy.most);
      old -= count;
      return count;
    };
    running = new Retention({
      store: { prune },
      clock: { now: () => NOW },
      days: KEEP_DAYS,
      bite: 10,
      pauseMs: 1,
      onError: (error) => errors.push(error),
      ...options,
    });
    running.start();
    return { policies, errors };
  }

  it('takes bites of what is older than its days, until nothing is left', async () => {
    const { policies } = start(25);
    await until(() => policies.length === 3);
    await quietly();
    const raw = { readingsBefore: 10 * DAY_MS, jobsBefore: 10 * DAY_MS };
    const policy = { ...raw, rowsBefore: null, historyBefore: null, most: 10 };
    assert.deepEqual(policies, [policy, policy, policy]);
  });

  it('keeps rows and history for days of their own', async () => {
    const { policies } = start(0, { days: { raw: 0, rows: 30, history: 1 } });
    await until(() => policies.length === 1);
    const raw = { readingsBefore: null, jobsBefore: null };
    assert.deepEqual(policies, [{ ...raw, rowsBefore: 70 * DAY_MS, historyBefore: 99 * DAY_MS, most: 10 }]);
  });

  it('looks again later', async () => {
    const { policies } = start(0, { everyMs: 5 });
    await until(() => policies.length > 3);
  });

  it('keeps everything for ever with 0 days', async () => {
    const { policies } = start(25, { days: { raw: 0, rows: 0, history: 0 } });
    await quietly(20);
    assert.deepEqual(policies, []);
  });

  it('tells of an error, and tries again later', async () => {
    const prune = () => Promise.reject(new Error('away'));
    const { errors } = start(0, { store: { prune }, everyMs: 5 });
    await until(() => errors.length > 2);
  });

  it('ends its last bite before it is stopped', async () => {
    let ended = false;
    const prune = async () => {
      await quietly(20);
      ended = true;
      return 10;
    };
    start(0, { store: { prune } });
    await quietly(5);
    await running?.stop();
    assert.ok(ended);
  });
});
