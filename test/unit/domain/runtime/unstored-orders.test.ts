import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { AgentEvent, Limits } from '../../../../src/domain/agent/agent-contract.ts';
import { limitsOf } from '../../../../src/domain/job/limits.ts';
import { commanded, FakeAgent } from '../../../support/fake-agent.ts';
import { GardenHarness } from '../../../support/garden-harness.ts';

/** As `commanded`, and holds what the temperature says. */
function holding(limits: Partial<Limits>): FakeAgent {
  const { answer } = commanded();
  return new FakeAgent('Holding', {
    limits: limitsOf(limits),
    answer(event, view) {
      const temperature = event.type === 'reading' ? event.reading.temperature : null;
      return temperature === null ? answer(event, view) : { hold: temperature };
    },
  });
}

/** What turns something on, while the disk does not answer. */
describe('What is not on disk yet', () => {
  async function begin() {
    const garden = await GardenHarness.start({ hasShipped: false });
    garden.types.put(commanded());
    garden.types.put(
      new FakeAgent('Both', {
        answer: (event) =>
          event.type === 'forced' ? { hold: 5, job: { steps: [{ set: 1 }, { wait: 60_000 }] } } : {},
      }),
    );
    await garden.addSensor();
    await garden.addAgent(1, '01_C', 'Commanded');
    await garden.addAgent(1, '02_B', 'Both');
    const force = (domain: string, payload: number) =>
      garden.attempt('command', { sensor: 1, domain, body: { payload } });
    return { garden, force };
  }

  it('is not told to a broker that connects meanwhile, also where a run is ordered beside the held value', async () => {
    const { garden, force } = await begin();
    await garden.disconnect();
    garden.store.isHanging = true;
    void force('02_B', 1);
    await garden.settle();
    await garden.connect();
    assert.deepEqual(garden.bytes(1), [0, 0]);
    assert.ok(garden.envelopes(1).every(({ agents }) => agents.every(({ value }) => value === 0)));
  });

  it('is not told because the same value had been stored before, while a broker was told everything', async () => {
    const { garden, force } = await begin();
    garden.pool.delayMs = 1_000;
    garden.store.gathersFor = 12;
    void force('01_C', -7);
    await garden.run.settle(2);
    garden.pool.disconnect();
    garden.pool.connect();
    await garden.settle();
    await force('01_C', -1);
    garden.store.isHanging = true;
    void force('01_C', -7);
    await garden.pass(3_000);
    assert.deepEqual([garden.agent(1, '01_C').value, garden.bytes(1)], [7, [0, 0]]);
  });

  it('is not told by the next start either, where the store has refused it', async () => {
    const { garden, force } = await begin();
    await force('01_C', -3);
    garden.store.isFailing = true;
    assert.equal((await force('01_C', -7)).status, 503);
    garden.store.isFailing = false;
    await garden.pass(1_000);
    const before = garden.vectors(1).length;
    await garden.crash();
    const after = garden.vectors(1).slice(before);
    assert.ok(after.every(([byte]) => byte !== 7));
    assert.deepEqual(garden.bytes(1), [3, 0]);
  });

  it('is told where it has been on disk all the time, and is only not to be stored once more', async () => {
    const { garden, force } = await begin();
    const answer = (event: AgentEvent) =>
      event.type === 'forced' ? { hold: event.payload } : { hold: 3, state: {} };
    garden.types.put(new FakeAgent('Steady', { answer }));
    await garden.addAgent(1, '03_S', 'Steady');
    garden.store.isFailing = true;
    assert.equal((await force('01_C', -7)).status, 503);
    await garden.redeployRuntime();
    assert.deepEqual(garden.bytes(1), [0, 0, 3]);
  });

  it('is not told by a runtime that has stopped meanwhile', async () => {
    const { garden, force } = await begin();
    garden.store.gathersFor = 6;
    void force('01_C', -7);
    await garden.run.settle(1);
    garden.runtime.stop();
    await garden.settle();
    await garden.settle();
    assert.deepEqual(garden.bytes(1), [0, 0]);
  });
});

describe('What is on ends when it was to end, while what is to follow is not on disk yet', () => {
  for (const [what, payload, isRunnerNext] of [
    ['a run', 600, true],
    ['a run that a node on the wire is to see', 600, false],
    ['a held value', -7, true],
  ] as const)
    it(what, async () => {
      const garden = await GardenHarness.start({ hasShipped: false });
      garden.isRunnerNext = isRunnerNext;
      garden.types.put(commanded());
      await garden.addSensor();
      await garden.addAgent(1, '01_C', 'Commanded');
      await garden.force(1, '01_C', 60);
      await garden.pass(10_000);
      garden.store.isHanging = true;
      const answer = garden.attempt('command', { sensor: 1, domain: '01_C', body: { payload } });
      await garden.pass(49_999);
      assert.deepEqual(garden.bytes(1), [1]);
      await garden.pass(1);
      assert.deepEqual(garden.bytes(1), [0]);
      await garden.pass(5_000);
      assert.deepEqual(garden.bytes(1), [0]);
      garden.store.isHanging = false;
      await garden.settle();
      assert.equal((await answer).status, 200);
      assert.deepEqual(garden.bytes(1), [payload > 0 ? 1 : 7]);
    });

  it('a run that the store has refused by then is ended at the job-runner, too', async () => {
    const garden = await GardenHarness.start({ hasShipped: false });
    garden.types.put(commanded());
    await garden.addSensor();
    await garden.addAgent(1, '01_C', 'Commanded');
    await garden.force(1, '01_C', 60);
    garden.store.isHanging = true;
    const answer = garden.attempt('command', { sensor: 1, domain: '01_C', body: { payload: 600 } });
    await garden.pass(60_000);
    garden.store.isFailing = true;
    garden.store.isHanging = false;
    assert.equal((await answer).status, 503);
    garden.store.isFailing = false;
    await garden.pass(10_000);
    assert.equal(garden.run.runner.runningJobs, 0);
    assert.deepEqual(garden.bytes(1), [0]);
    assert.ok(garden.told.some(({ wire }) => wire === 'job/cancel'));
  });
});

describe('What is held goes when its limit is over, while what is to follow is not on disk yet', () => {
  for (const [limit, because] of [
    ['longestHoldMs', 'heldTooLong'],
    ['dailyBudgetMs', 'budgetSpent'],
  ] as const)
    for (const [what, payload, isRunnerNext] of [
      ['a run', 600, true],
      ['a run that a node on the wire is to see', 600, false],
      ['a held value', -7, true],
    ] as const)
      it(`${what} in its place, ${limit}`, async () => {
        const garden = await GardenHarness.start({ hasShipped: false });
        garden.isRunnerNext = isRunnerNext;
        garden.types.put(holding({ [limit]: 60_000 }));
        await garden.addSensor();
        await garden.addAgent(1, '01_C', 'Holding');
        await garden.receive(1, { temperature: 5 });
        await garden.pass(10_000);
        garden.store.isHanging = true;
        const answer = garden.attempt('command', { sensor: 1, domain: '01_C', body: { payload } });
        await garden.pass(49_999);
        assert.deepEqual(garden.bytes(1), [5]);
        // A device that honours envelopes ends it by itself.
        const end = garden.clock.now() + 1;
        assert.ok(garden.envelopes(1).every(({ agents }) => (agents[0]?.until ?? 0) <= end));
        await garden.pass(1);
        assert.deepEqual(garden.bytes(1), [0]);
        if (payload > 0) assert.equal(garden.agent(1, '01_C').because?.code, because);
        await garden.pass(5_000);
        assert.deepEqual(garden.bytes(1), [0]);
        garden.store.isHanging = false;
        await garden.settle();
        assert.equal((await answer).status, 200);
        assert.deepEqual(garden.bytes(1), [payload > 0 ? 1 : 7]);
        await garden.pass(600_000);
        // The budget counts for a person's own value as little as for a run.
        assert.deepEqual(garden.bytes(1), [payload > 0 || limit === 'longestHoldMs' ? 0 : 7]);
      });

  it('a value in the place of a run that was to follow it', async () => {
    const garden = await GardenHarness.start({ hasShipped: false });
    garden.types.put(holding({ longestHoldMs: 60_000 }));
    await garden.addSensor();
    await garden.addAgent(1, '01_C', 'Holding');
    await garden.receive(1, { temperature: 5 });
    await garden.pass(10_000);
    garden.store.isHanging = true;
    const force = (payload: number) =>
      garden.attempt('command', { sensor: 1, domain: '01_C', body: { payload } });
    void force(600);
    await garden.settle();
    void force(-7);
    await garden.pass(50_000);
    assert.deepEqual(garden.bytes(1), [0]);
    garden.store.isHanging = false;
    await garden.pass(1);
    assert.deepEqual(garden.bytes(1), [7]);
  });

  it('and stays so over a crash in which nothing of it was stored', async () => {
    const garden = await GardenHarness.start({ hasShipped: false });
    garden.types.put(holding({ longestHoldMs: 60_000 }));
    await garden.addSensor();
    await garden.addAgent(1, '01_C', 'Holding');
    await garden.receive(1, { temperature: 5 });
    garden.store.isHanging = true;
    void garden.attempt('command', { sensor: 1, domain: '01_C', body: { payload: 600 } });
    await garden.pass(61_000);
    await garden.crash();
    await garden.pass(1);
    assert.deepEqual(garden.bytes(1), [0]);
  });
});
