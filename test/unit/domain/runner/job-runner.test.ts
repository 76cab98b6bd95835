import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { describe, it } from 'mocha';
import type { JobRequest } from '../../../../src/domain/job/job.ts';
import { runFor } from '../../../../src/domain/job/plan.ts';
import { JobRunner } from '../../../../src/domain/runner/job-runner.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { MemoryStore } from '../../../support/memory-store.ts';

/** A job-runner that works alone, or for somebody who reports deliveries. */
class Bench {
  readonly clock = new FakeClock();
  readonly store: MemoryStore;
  readonly said: string[] = [];
  readonly runner: JobRunner;

  constructor(waitsForDelivery = false, store = new MemoryStore()) {
    this.store = store;
    void store.open();
    const { clock } = this;
    this.runner = new JobRunner({
      store,
      clock,
      timetable: clock.timetable,
      waitsForDelivery,
      step: ({ job, value, end }) =>
        this.said.push(`${job} ${value}${end === null ? '' : ` ${end.outcome}`}`),
      event: ({ job, event }) => this.said.push(`${job} ${event}`),
    });
  }

  rows(): string[] {
    return this.store.disk.jobs.map(({ id, status }) => `${id} ${status}`).sort();
  }
}

/** Of a sensor, whose last step somebody reports delivered. */
const ofSensor = { sensor: 1, domain: '01_Water' } as const;

const job = (id: string, parts: Partial<JobRequest> = {}): JobRequest => ({
  id,
  owner: 'pump',
  plan: runFor(1000),
  neutral: 0,
  createdAt: 0,
  ...parts,
});

describe('A job-runner whose disk takes its time', () => {
  it('ends what a job has taken over when that was to end, and begins where the other one would be', async () => {
    const bench = new Bench();
    await bench.runner.request(job('a'));
    bench.store.isHanging = true;
    const asked = bench.runner.request(job('b', { plan: runFor(2_000) }));
    bench.clock.pass(999);
    assert.deepEqual(bench.said, ['a started', 'a 1', 'a cancelled']);
    bench.clock.pass(1);
    assert.equal(bench.said.pop(), 'b 0');
    bench.store.isHanging = false;
    await asked;
    assert.deepEqual(bench.said.slice(-2), ['b started', 'b 1']);
    bench.clock.pass(1_000);
    assert.deepEqual(bench.said.slice(-2), ['b 0 finished', 'b finished']);
  });

  it('turns nothing on whose time is over by then', async () => {
    const bench = new Bench();
    bench.store.isHanging = true;
    const asked = bench.runner.request(job('a'));
    bench.clock.pass(1_000);
    bench.store.isHanging = false;
    await asked;
    assert.deepEqual(bench.said, ['a started', 'a 0 finished', 'a finished']);
  });

  it('gives an impulse that is shorter than a commit', async () => {
    const bench = new Bench();
    bench.store.isHanging = true;
    const asked = bench.runner.request(job('a', { plan: runFor(50) }));
    bench.clock.pass(80);
    bench.store.isHanging = false;
    await asked;
    assert.deepEqual(bench.said, ['a started', 'a 1', 'a 0 finished', 'a finished']);
  });

  it('turns nothing on once it has stopped', async () => {
    const bench = new Bench();
    bench.store.isHanging = true;
    const asked = bench.runner.request(job('a'));
    bench.runner.stop();
    bench.store.isHanging = false;
    await asked;
    assert.deepEqual([bench.said, bench.rows()], [[], ['a running']]);
  });
});

describe('A job-runner that works alone', () => {
  it('ends a job at the next start when the clock was set back meanwhile, whatever its rule', async () => {
    for (const rule of ['finish', 'resume', 'close'] as const) {
      const before = new Bench();
      before.clock.jump(7_200_000);
      await before.runner.request(job('a', { plan: { ...runFor(1000), rule } }));
      before.runner.stop();
      await before.store.commit();
      const after = new Bench(false, new MemoryStore(before.store.crash()));
      await after.runner.start();
      after.clock.pass(10_800_000);
      assert.deepEqual(after.said, ['a 0 cancelled', 'a cancelled'], rule);
    }
  });

  it('starts, steps and closes a job', async () => {
    const bench = new Bench();
    await bench.runner.request(job('a'));
    assert.equal(bench.runner.runningJobs, 1);
    bench.clock.pass(1000);
    assert.deepEqual(bench.said, ['a started', 'a 1', 'a 0 finished', 'a finished']);
    assert.equal(bench.runner.runningJobs, 0);
    assert.equal(bench.clock.waiting, 0);
  });

  it('runs jobs of several owners side by side, and one job of each', async () => {
    const bench = new Bench();
    await bench.runner.request(job('a'));
    await bench.runner.request(job('b', { owner: 'lamp' }));
    await bench.runner.request(job('c'));
    assert.equal(bench.runner.runningJobs, 2);
    assert.deepEqual(bench.said, ['a started', 'a 1', 'b started', 'b 1', 'a cancelled', 'c started', 'c 1']);
  });

  it('takes all steps that are due at once, after the process has slept', async () => {
    const bench = new Bench();
    const plan = { steps: [{ set: 1 }, { wait: 10 }, { set: 2 }, { wait: 10 }, { set: 0 }] };
    await bench.runner.request(job('a', { plan }));
    bench.clock.jump(5000);
    bench.clock.pass(0);
    assert.deepEqual(bench.said, ['a started', 'a 1', 'a 2', 'a 0 finished', 'a finished']);
  });

  for (const [lateMs, said] of [
    [0, ['a started', 'a 1']],
    [15, ['a started', 'a 0']],
    [20, ['a started', 'a 2']],
    [30, ['a started', 'a 0 finished', 'a finished']],
    [3_600_000, ['a started', 'a 0 finished', 'a finished']],
  ] as const) {
    it(`begins a job that comes ${lateMs} ms late where it would be, and turns on nothing of before`, async () => {
      const bench = new Bench();
      const steps = [
        { set: 1 },
        { wait: 10 },
        { set: 0 },
        { wait: 10 },
        { set: 2 },
        { wait: 10 },
        { set: 0 },
      ];
      await bench.runner.request(job('a', { plan: { steps }, startsAt: bench.clock.now() - lateMs }));
      assert.deepEqual(bench.said, said);
      bench.clock.pass(Math.max(0, 30 - lateMs));
      assert.equal(bench.said.at(-1), 'a finished');
    });
  }

  it('begins a job now that is to count from a later time: nothing waits to turn on', async () => {
    const bench = new Bench();
    await bench.runner.request(job('a', { startsAt: bench.clock.now() + 3_600_000 }));
    bench.clock.pass(1000);
    assert.deepEqual(bench.said, ['a started', 'a 1', 'a 0 finished', 'a finished']);
  });

  it('ends neutral whatever the plan says', async () => {
    const bench = new Bench();
    await bench.runner.request(
      job('a', { plan: { steps: [{ set: 5 }, { wait: 1 }, { set: 9 }] }, neutral: -3 }),
    );
    bench.clock.pass(1);
    assert.deepEqual(bench.said.slice(1, 3), ['a 5', 'a -3 finished']);
  });

  it('knows nothing of cancelling or delivering what it does not have', async () => {
    const bench = new Bench();
    bench.runner.cancel('none', 'why');
    bench.runner.delivered('none');
    await bench.runner.request(job('a'));
    bench.runner.delivered('a');
    assert.deepEqual(bench.said, ['a started', 'a 1']);
  });
});

describe('A job-runner that is told to shorten a job', () => {
  it('ends it by as much earlier, also after a crash, and says so', async () => {
    const bench = new Bench();
    await bench.runner.request(job('a', { plan: runFor(60_000) }));
    bench.clock.pass(5_000);
    bench.runner.cut('a', 20_000);
    assert.deepEqual(bench.said, ['a started', 'a 1', 'a started', 'a 1']);
    await bench.store.commit();
    const after = new Bench(false, new MemoryStore(bench.store.crash()));
    after.clock.jump(5_000);
    await after.runner.start();
    after.clock.pass(14_999);
    assert.deepEqual(after.said, ['a resumed', 'a 1']);
    after.clock.pass(1);
    assert.deepEqual(after.said.slice(2), ['a 0 finished', 'a finished']);
  });

  it('ends it at once where that time is over', async () => {
    const bench = new Bench();
    await bench.runner.request(job('a', { plan: runFor(60_000) }));
    bench.clock.pass(30_000);
    bench.runner.cut('a', 10_000);
    assert.deepEqual(bench.said.slice(-2), ['a 0 finished', 'a finished']);
  });

  it('leaves one alone that is shorter, that has ended, or that it does not know', async () => {
    const bench = new Bench();
    await bench.runner.request(job('a'));
    const before = bench.said.length;
    bench.runner.cut('a', 60_000);
    bench.runner.cut('b', 0);
    assert.equal(bench.said.length, before);
    bench.clock.pass(1_000);
    const ended = bench.said.length;
    bench.runner.cut('a', 0);
    assert.equal(bench.said.length, ended);
  });

  it('takes what is left of several phases from the end', async () => {
    const bench = new Bench();
    const steps = [{ set: 1 }, { wait: 1_000 }, { set: 0 }, { wait: 1_000 }, { set: 1 }, { wait: 5_000 }];
    await bench.runner.request(job('a', { plan: { steps } }));
    bench.clock.pass(1_500);
    bench.runner.cut('a', 4_000);
    bench.clock.pass(2_499);
    assert.equal(bench.said.at(-1), 'a 1');
    bench.clock.pass(1);
    assert.deepEqual(bench.said.slice(-2), ['a 0 finished', 'a finished']);
  });
});

describe('A job-runner that waits for deliveries', () => {
  it('says the last step again every 5 s until it is delivered', async () => {
    const bench = new Bench(true);
    await bench.runner.request(job('a', ofSensor));
    bench.clock.pass(1000 + 2 * 5000);
    assert.deepEqual(bench.said.slice(2), ['a 0 finished', 'a 0 finished', 'a 0 finished']);
    bench.runner.delivered('a');
    bench.runner.delivered('a');
    bench.clock.pass(60_000);
    assert.deepEqual(bench.said.slice(5), ['a finished']);
  });

  it('tells who asks again that the job has started', async () => {
    const bench = new Bench(true);
    await bench.runner.request(job('a', ofSensor));
    await bench.runner.request(job('a', ofSensor));
    assert.deepEqual(bench.said, ['a started', 'a 1', 'a started']);
  });

  it('closes what a flow has started for itself as soon as its last step is sent', async () => {
    const bench = new Bench(true);
    await bench.runner.request(job('a'));
    bench.clock.pass(1000);
    assert.deepEqual(bench.said.slice(2), ['a 0 finished', 'a finished']);
  });
});

describe('A job-runner whose store fails', () => {
  it('starts nothing, makes the actuator neutral and says so', async () => {
    const bench = new Bench();
    bench.store.isFailing = true;
    await assert.rejects(bench.runner.request(job('a')));
    bench.clock.pass(60_000);
    assert.deepEqual(bench.said, ['a 0 refused', 'a refused']);
    assert.equal(bench.clock.waiting, 0);
  });

  it('forgets a job for good that was replaced while its row was on the way', async () => {
    const bench = new Bench(true);
    bench.store.isFailing = true;
    const asked = [bench.runner.request(job('a', ofSensor)), bench.runner.request(job('b', ofSensor))];
    assert.deepEqual(
      (await Promise.allSettled(asked)).map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    bench.runner.delivered('b');
    bench.store.isFailing = false;
    await bench.store.commit();
    bench.clock.pass(60_000);
    assert.deepEqual(bench.rows(), ['a ended', 'b ended']);
    assert.equal(bench.clock.waiting, 0);
    assert.deepEqual(bench.said, ['a cancelled', 'b 0 refused', 'b refused']);
  });

  it('starts nothing that was cancelled while its row was on the way', async () => {
    const bench = new Bench();
    const asked = bench.runner.request(job('a'));
    bench.runner.cancel('a', 'why');
    await asked;
    await setImmediate();
    assert.deepEqual(bench.said, ['a 0 cancelled', 'a cancelled']);
  });
});
