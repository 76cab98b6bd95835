import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import type { JobStep } from '../../../../src/domain/job.ts';
import type { Plan } from '../../../../src/domain/plan.ts';
import { JobRunner } from '../../../../src/domain/runner/job-runner.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { MemoryStore } from '../../../support/memory-store.ts';

/** Beds on shared pumps; every step is written down, and every last one delivered at once. */
class Beds {
  readonly clock = new FakeClock();
  readonly said: string[] = [];
  readonly values = new Map<string, number>();
  readonly runner: JobRunner;
  /** The most beds that were ever on at once. */
  mostOn = 0;
  readonly #store = new MemoryStore();

  constructor(supplies: Record<string, number> = {}) {
    void this.#store.open();
    const { clock } = this;
    this.runner = new JobRunner({
      store: this.#store,
      clock,
      timetable: clock.timetable,
      waitsForDelivery: true,
      supplies,
      step: (step) => this.#take(step),
      event: ({ owner, event }) => this.said.push(`${owner} ${event}`),
    });
  }

  water(owner: string, ms: number, plan: Partial<Plan> = {}, id = owner): Promise<void> {
    const steps = [{ set: 1 }, { wait: ms }, { set: 0 }];
    const createdAt = this.clock.now();
    return this.runner.request({
      id,
      owner,
      neutral: 0,
      createdAt,
      plan: { steps, supply: 'pump', ...plan },
    });
  }

  get on(): string[] {
    return [...this.values].filter(([, value]) => value !== 0).map(([owner]) => owner);
  }

  #take({ owner, value, end, job }: JobStep): void {
    if (value === 0) this.values.delete(owner);
    else this.values.set(owner, value);
    this.mostOn = Math.max(this.mostOn, this.values.size);
    if (end !== null) this.runner.delivered(job);
  }
}

describe('Supplies', () => {
  it('let one job run at a time, in the order of arrival', async () => {
    const beds = new Beds();
    await beds.water('a', 1000);
    await beds.water('b', 1000);
    await beds.water('c', 1000);
    assert.deepEqual(beds.on, ['a']);
    beds.clock.pass(1000);
    assert.deepEqual(beds.on, ['b']);
    beds.clock.pass(999);
    assert.deepEqual(beds.on, ['b']);
    beds.clock.pass(1);
    assert.deepEqual(beds.on, ['c']);
    beds.clock.pass(1000);
    assert.deepEqual(beds.on, []);
    assert.equal(beds.clock.waiting, 0);
  });

  it('say who waits, and who starts when', async () => {
    const beds = new Beds();
    await beds.water('a', 1000);
    await beds.water('b', 1000);
    assert.deepEqual(beds.said, ['a started', 'b queued']);
    beds.clock.pass(1000);
    assert.deepEqual(beds.said.slice(2), ['a finished', 'b started']);
  });

  it('serve as many at once as their capacity', async () => {
    const beds = new Beds({ pump: 2 });
    for (const bed of ['a', 'b', 'c']) await beds.water(bed, 1000);
    assert.deepEqual(beds.on, ['a', 'b']);
  });

  it('are given to others while the water soaks in', async () => {
    const beds = new Beds();
    const steps = [
      { set: 1 },
      { wait: 100 },
      { set: 0 },
      { wait: 500 },
      { set: 1 },
      { wait: 100 },
      { set: 0 },
    ];
    await beds.water('a', 0, { steps });
    await beds.water('b', 800);
    beds.clock.pass(100);
    assert.deepEqual(beds.on, ['b']);
    beds.clock.pass(799);
    assert.deepEqual(beds.on, ['b']);
    beds.clock.pass(1);
    assert.deepEqual(beds.on, ['a']);
    beds.clock.pass(100);
    assert.deepEqual(beds.on, []);
  });

  it('leave out who has cancelled while waiting', async () => {
    const beds = new Beds();
    for (const bed of ['a', 'b', 'c']) await beds.water(bed, 1000);
    beds.runner.cancel('b', 'changed my mind');
    beds.clock.pass(1000);
    assert.deepEqual(beds.on, ['c']);
  });

  it('pass from a job to the one that replaces it, without a blink', async () => {
    const beds = new Beds();
    await beds.water('a', 1000);
    await beds.water('b', 1000);
    await beds.water('a', 5000, {}, 'a again');
    assert.deepEqual(beds.on, ['a']);
    beds.clock.pass(5000);
    assert.deepEqual(beds.on, ['b']);
  });

  it('never serve more than their capacity, whoever comes, goes or replaces', async () => {
    const act = fc.record({
      bed: fc.constantFrom('a', 'b', 'c', 'd'),
      ms: fc.integer({ min: 1, max: 500 }),
      pause: fc.integer({ min: 0, max: 400 }),
      isCancelled: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(act, { maxLength: 20 }),
        fc.integer({ min: 1, max: 3 }),
        async (acts, capacity) => {
          const beds = new Beds({ pump: capacity });
          for (const [index, { bed, ms, pause, isCancelled }] of acts.entries()) {
            await beds.water(bed, ms, {}, `job ${index}`);
            beds.clock.pass(pause);
            if (isCancelled) beds.runner.cancel(`job ${index}`, 'enough');
          }
          beds.clock.pass(60_000);
          assert.ok(beds.mostOn <= capacity, `${beds.mostOn} beds on`);
          assert.deepEqual(beds.on, []);
          assert.equal(beds.clock.waiting, 0);
        },
      ),
    );
  });
});
