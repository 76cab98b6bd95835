import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { type JobEvent, type JobStep, restOf } from '../../../../src/domain/job/job.ts';
import type { Plan } from '../../../../src/domain/job/plan.ts';
import { JobRunner } from '../../../../src/domain/runner/job-runner.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { MemoryStore } from '../../../support/memory-store.ts';

/** Beds on shared pumps; every step is written down, and every neutral one delivered, at once unless it is told not to. */
class Beds {
  readonly clock = new FakeClock();
  readonly said: string[] = [];
  readonly values = new Map<string, number>();
  readonly ends = new Map<string, number | null>();
  /** What waits for its delivery; null: everything is delivered at once. */
  undelivered: string[] | null = null;
  runner: JobRunner;
  /** The most beds that were ever on at once. */
  mostOn = 0;
  readonly store = new MemoryStore();

  readonly #capacities: Record<string, number>;

  constructor(supplies: Record<string, number> = {}) {
    void this.store.open();
    this.#capacities = supplies;
    this.runner = this.#createRunner();
  }

  /** The process dies and starts again. */
  async crash(): Promise<void> {
    await this.store.commit();
    this.clock.forget();
    this.said.length = 0;
    this.runner = this.#createRunner();
    await this.runner.start();
  }

  #createRunner(): JobRunner {
    const { clock } = this;
    return new JobRunner({
      store: this.store,
      clock,
      timetable: clock.timetable,
      waitsForDelivery: true,
      supplies: this.#capacities,
      step: (step) => this.#take(step),
      event: (event) => this.#hear(event),
    });
  }

  water(owner: string, ms: number, plan: Partial<Plan> = {}, id = owner): Promise<void> {
    const steps = [{ set: 1 }, { wait: ms }, { set: 0 }];
    const createdAt = this.clock.now();
    return this.runner.request({
      id,
      owner,
      sensor: 1,
      domain: owner,
      neutral: 0,
      createdAt,
      plan: { steps, supply: 'pump', ...plan },
    });
  }

  /** Lets time pass, and what it brings get on disk. */
  async pass(ms: number): Promise<void> {
    const until = this.clock.now() + ms;
    do await setImmediate();
    while (this.clock.next(until));
    await setImmediate();
  }

  /** What has waited for its delivery arrives. */
  async deliver(...deliveries: readonly string[]): Promise<void> {
    for (const delivery of deliveries) this.runner.delivered(delivery);
    await setImmediate();
  }

  get on(): string[] {
    return [...this.values].filter(([, value]) => value !== 0).map(([owner]) => owner);
  }

  #hear({ owner, event, endsAt }: JobEvent): void {
    this.said.push(`${owner} ${event}`);
    this.ends.set(owner, endsAt);
  }

  #take(step: JobStep): void {
    const { owner, value, end, job } = step;
    if (value === 0) this.values.delete(owner);
    else this.values.set(owner, value);
    this.mostOn = Math.max(this.mostOn, this.values.size);
    if (value !== 0) return;
    const delivery = end === null ? restOf(step) : job;
    if (this.undelivered === null) this.runner.delivered(delivery);
    else this.undelivered.push(delivery);
  }
}

/** 100 ms of water, half a second of soak, and 100 ms again. */
const SOAK = [{ set: 1 }, { wait: 100 }, { set: 0 }, { wait: 500 }, { set: 1 }, { wait: 100 }, { set: 0 }];

describe('Supplies', () => {
  it('let one job run at a time, in the order of arrival', async () => {
    const beds = new Beds();
    await beds.water('a', 1000);
    await beds.water('b', 1000);
    await beds.water('c', 1000);
    assert.deepEqual(beds.on, ['a']);
    await beds.pass(1000);
    assert.deepEqual(beds.on, ['b']);
    await beds.pass(999);
    assert.deepEqual(beds.on, ['b']);
    await beds.pass(1);
    assert.deepEqual(beds.on, ['c']);
    await beds.pass(1000);
    assert.deepEqual(beds.on, []);
    assert.equal(beds.clock.waiting, 0);
  });

  it('say who waits, and who starts when', async () => {
    const beds = new Beds();
    await beds.water('a', 1000);
    await beds.water('b', 1000);
    assert.deepEqual(beds.said, ['a started', 'b queued']);
    await beds.pass(1000);
    assert.deepEqual(beds.said.slice(2), ['a finished', 'b started']);
  });

  it('serve as many at once as their capacity', async () => {
    const beds = new Beds({ pump: 2 });
    for (const bed of ['a', 'b', 'c']) await beds.water(bed, 1000);
    assert.deepEqual(beds.on, ['a', 'b']);
  });

  it('stay with a job whose turn it is while that gets on disk, also where its rest is reported meanwhile', async () => {
    const beds = new Beds();
    await beds.water('a', 1000);
    await beds.water('b', 1000);
    await beds.water('c', 1000);
    beds.store.isHanging = true;
    beds.clock.pass(1000);
    await beds.deliver('b#0');
    beds.store.isHanging = false;
    await beds.pass(0);
    assert.deepEqual(beds.on, ['b']);
    await beds.crash();
    assert.deepEqual(beds.on, ['b']);
  });

  it('wait for the disk as well where a job takes the place over of one that has its turn', async () => {
    const beds = new Beds();
    await beds.water('a', 1000);
    beds.store.isHanging = true;
    void beds.water('b', 1000, {}, 'b1');
    beds.runner.cancel('a', 'no more');
    void beds.water('b', 1000, {}, 'b2');
    await beds.pass(0);
    assert.deepEqual(beds.on, []);
    beds.store.isHanging = false;
    await beds.pass(0);
    assert.deepEqual(beds.on, ['b']);
    await beds.crash();
    assert.deepEqual(beds.on, ['b']);
  });

  it('are given to others while the water soaks in', async () => {
    const beds = new Beds();
    await beds.water('a', 0, { steps: SOAK });
    await beds.water('b', 800);
    await beds.pass(100);
    assert.deepEqual(beds.on, ['b']);
    await beds.pass(799);
    assert.deepEqual(beds.on, ['b']);
    await beds.pass(1);
    assert.deepEqual(beds.on, ['a']);
    await beds.pass(100);
    assert.deepEqual(beds.on, []);
  });

  it('leave out who has cancelled while waiting', async () => {
    const beds = new Beds();
    for (const bed of ['a', 'b', 'c']) await beds.water(bed, 1000);
    beds.runner.cancel('b', 'changed my mind');
    await beds.pass(1000);
    assert.deepEqual(beds.on, ['c']);
  });

  it('are not given to others before OFF has reached the broker, be it the last or before a soak', async () => {
    const beds = new Beds();
    beds.undelivered = [];
    await beds.water('a', 0, { steps: SOAK });
    await beds.water('b', 50);
    await beds.pass(150);
    assert.deepEqual(beds.on, []);
    await beds.deliver(...beds.undelivered.splice(0));
    assert.deepEqual(beds.on, ['b']);
    await beds.pass(1_000);
    assert.deepEqual(beds.on, []);
    await beds.deliver(...beds.undelivered.splice(0));
    assert.deepEqual(beds.on, ['a']);
  });

  it('go by priority, and among equals by arrival', async () => {
    const beds = new Beds();
    for (const [bed, priority] of [
      ['a', 0],
      ['b', 0],
      ['c', 5],
      ['d', 5],
      ['e', -1],
    ] as const)
      await beds.water(bed, 100, { priority });
    const order: string[] = [];
    for (let turn = 0; turn < 5; turn++) {
      order.push(...beds.on);
      await beds.pass(100);
    }
    assert.deepEqual(order, ['a', 'c', 'd', 'b', 'e']);
  });

  it('tell who waits when it will end, and keep to it', async () => {
    const beds = new Beds();
    const from = beds.clock.now();
    await beds.water('a', 1000);
    await beds.water('b', 500);
    await beds.water('c', 200);
    assert.deepEqual(
      [...beds.ends.values()].map((at) => (at ?? 0) - from),
      [1000, 1500, 1700],
    );
    await beds.pass(1699);
    assert.deepEqual(beds.on, ['c']);
    await beds.pass(1);
    assert.deepEqual(beds.on, []);
  });

  it('keep the soak of a plan that had to wait', async () => {
    const beds = new Beds();
    await beds.water('b', 300);
    await beds.water('a', 0, { steps: SOAK });
    await beds.pass(400);
    assert.deepEqual(beds.on, []);
    await beds.pass(499);
    assert.deepEqual(beds.on, []);
    await beds.pass(1);
    assert.deepEqual(beds.on, ['a']);
  });

  it('survive a crash: who had one goes on, who waited waits in its place, and runs for its full time', async () => {
    const beds = new Beds();
    await beds.water('a', 1000);
    await beds.water('b', 500);
    await beds.water('c', 500);
    await beds.pass(600);
    await beds.crash();
    assert.deepEqual(beds.on, ['a']);
    await beds.pass(400);
    assert.deepEqual(beds.on, ['b']);
    await beds.pass(499);
    assert.deepEqual(beds.on, ['b']);
    await beds.pass(1);
    assert.deepEqual(beds.on, ['c']);
  });

  it('are not given away while an OFF of before the crash has not been delivered', async () => {
    const beds = new Beds();
    beds.undelivered = [];
    await beds.water('a', 1000);
    await beds.water('b', 500);
    await beds.pass(1000);
    beds.undelivered.length = 0;
    await beds.crash();
    await beds.pass(100);
    assert.deepEqual(beds.on, []);
    await beds.deliver('a');
    assert.deepEqual(beds.on, ['b']);
  });

  it("are nobody's any more who waited for longer than its announced end while RIPE was down", async () => {
    const beds = new Beds();
    await beds.water('a', 1000);
    await beds.water('b', 500);
    beds.clock.jump(3_600_000);
    await beds.crash();
    await beds.pass(1000);
    assert.deepEqual(beds.on, []);
    assert.deepEqual(beds.said, ['a finished', 'b cancelled']);
  });

  it('stay with a job until it is off whose successor wants another one', async () => {
    const beds = new Beds();
    beds.undelivered = [];
    await beds.water('a', 1000);
    await beds.water('b', 1000);
    await beds.water('c', 1000, { supply: 'tank' });
    await beds.water('a', 1000, { supply: 'tank' }, 'a again');
    assert.deepEqual(beds.on, ['c']);
    await beds.deliver('a');
    assert.deepEqual(beds.on, ['c', 'b']);
  });

  it('pass from a job to the one that replaces it, without a blink', async () => {
    const beds = new Beds();
    await beds.water('a', 1000);
    await beds.water('b', 1000);
    await beds.water('a', 5000, {}, 'a again');
    assert.deepEqual(beds.on, ['a']);
    await beds.pass(5000);
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
            await beds.pass(pause);
            if (isCancelled) beds.runner.cancel(`job ${index}`, 'enough');
          }
          await beds.pass(60_000);
          assert.ok(beds.mostOn <= capacity, `${beds.mostOn} beds on`);
          assert.deepEqual(beds.on, []);
          assert.equal(beds.clock.waiting, 0);
        },
      ),
    );
  });
});
