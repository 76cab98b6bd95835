import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { AgentEvent } from '../../../../src/domain/agent/agent-contract.ts';
import { limitsOf } from '../../../../src/domain/job/limits.ts';
import { commanded, type FakeAgent } from '../../../support/fake-agent.ts';
import { GardenHarness } from '../../../support/garden-harness.ts';

async function withAgent(): Promise<{ garden: GardenHarness; agent: FakeAgent }> {
  const garden = await GardenHarness.start({ hasShipped: false });
  const agent = commanded();
  garden.types.put(agent);
  await garden.addSensor();
  await garden.addAgent(1, '01_C', 'Commanded');
  garden.pool.log.length = 0;
  return { garden, agent };
}

const ends = (agent: FakeAgent) =>
  agent.asked
    .map(({ event }) => event)
    .filter((event): event is Extract<AgentEvent, { type: 'jobEnded' }> => event.type === 'jobEnded')
    .map(({ job }) => [job.outcome, job.reason ?? null]);

const rows = async (garden: GardenHarness) =>
  (await garden.jobs()).map(({ status, outcome, reason }) => [status, outcome, reason]);

describe('A job', () => {
  it('sets its values at their times, ends neutral, and is told to the agent once', async () => {
    const { garden, agent } = await withAgent();
    agent.answer = ({ type }) =>
      type === 'forced'
        ? {
            job: {
              steps: [{ set: 3 }, { wait: 1000 }, { set: 0 }, { wait: 500 }, { set: 300 }, { wait: 2000 }],
            },
          }
        : {};
    const from = garden.clock.now();
    await garden.force(1, '01_C', 1);
    await garden.pass(10_000);
    assert.deepEqual(
      garden.pool.log.map(({ at, bytes }) => [at - from, ...bytes]),
      [
        [0, 3],
        [1000, 0],
        [1500, 44],
        [3500, 0],
      ],
    );
    assert.deepEqual(ends(agent), [['finished', null]]);
    assert.deepEqual(await rows(garden), [['ended', 'finished', null]]);
  });

  it('shows its real end while it runs, after every limit (protocol §6.1 FIX b)', async () => {
    const { garden, agent } = await withAgent();
    agent.limits = limitsOf({ longestRunMs: 5_000 });
    await garden.force(1, '01_C', 60);
    assert.equal(garden.agent(1, '01_C').job?.endsAt, garden.clock.now() + 5_000);
    await garden.pass(5_000);
    assert.deepEqual(garden.vectors(1), [[1], [0]]);
    assert.equal(garden.agent(1, '01_C').job, null);
  });

  it('is on disk before its first step goes out, and open until its last one has been delivered', async () => {
    const { garden } = await withAgent();
    garden.run.observer = {
      steps: ({ job, end }) => {
        const status = garden.store.disk.jobs.find(({ id }) => id === job)?.status;
        if (end === null) assert.equal(status, 'running');
      },
    };
    await garden.force(1, '01_C', 10);
    garden.pool.delayMs = 700;
    await garden.pass(10_699);
    assert.deepEqual(await rows(garden), [['ending', 'finished', null]]);
    await garden.pass(1);
    assert.deepEqual(await rows(garden), [['ended', 'finished', null]]);
  });

  it('stays open without a broker, and is closed after the next connection', async () => {
    const { garden } = await withAgent();
    await garden.force(1, '01_C', 10);
    await garden.disconnect();
    await garden.pass(60_000);
    assert.deepEqual(await rows(garden), [['ending', 'finished', null]]);
    await garden.connect();
    assert.deepEqual(await rows(garden), [['ended', 'finished', null]]);
  });

  it('is replaced without a blink', async () => {
    const { garden, agent } = await withAgent();
    await garden.force(1, '01_C', 10);
    await garden.pass(4_000);
    await garden.force(1, '01_C', 10);
    await garden.pass(60_000);
    // The second one tells the broker the later end.
    assert.deepEqual(garden.vectors(1), [[1], [1], [0]]);
    assert.equal((garden.pool.log[2]?.at ?? 0) - (garden.pool.log[0]?.at ?? 0), 14_000);
    assert.deepEqual(ends(agent), [
      ['cancelled', 'replaced'],
      ['finished', null],
    ]);
    assert.deepEqual(
      (await rows(garden)).map(([status]) => status),
      ['ended', 'ended'],
    );
  });

  it('ends at once when it is cancelled', async () => {
    const { garden, agent } = await withAgent();
    await garden.force(1, '01_C', 10);
    await garden.force(1, '01_C', 0);
    assert.deepEqual(garden.vectors(1), [[1], [0]]);
    assert.deepEqual(ends(agent), [['cancelled', 'decided']]);
    await garden.pass(60_000);
    assert.deepEqual(garden.vectors(1), [[1], [0]]);
  });

  it('gives way to a value that is held', async () => {
    const { garden, agent } = await withAgent();
    await garden.force(1, '01_C', 10);
    await garden.force(1, '01_C', -7);
    await garden.pass(60_000);
    assert.deepEqual(garden.bytes(1), [7]);
    assert.equal(garden.agent(1, '01_C').value, 7);
    assert.deepEqual(ends(agent), [['cancelled', 'decided']]);
  });

  it('never runs twice when it is asked for twice', async () => {
    const { garden } = await withAgent();
    await garden.force(1, '01_C', 10);
    const asked = garden.told.find(({ wire }) => wire === 'job/start');
    await garden.run.runner.request(asked?.payload as never);
    await garden.pass(60_000);
    assert.deepEqual(garden.vectors(1), [[1], [0]]);
    assert.equal((await garden.jobs()).length, 1);
  });
});

describe('A job on the wire to the job-runner', () => {
  it('counts as refused where nobody answers within 5 s', async () => {
    const { garden, agent } = await withAgent();
    garden.jobWire = () => false;
    await garden.force(1, '01_C', 60);
    assert.notEqual(garden.agent(1, '01_C').job, null);
    await garden.pass(4_999);
    assert.deepEqual(ends(agent), []);
    await garden.pass(1);
    assert.deepEqual(ends(agent), [['refused', 'dropped on the wire']]);
    assert.equal(garden.agent(1, '01_C').job, null);
    assert.deepEqual(await rows(garden), [['ended', 'refused', 'dropped on the wire']]);
    assert.deepEqual(garden.vectors(1), []);
  });

  it('is cancelled when it comes too late', async () => {
    const { garden, agent } = await withAgent();
    const held: unknown[] = [];
    garden.jobWire = (topic, payload) => {
      if (topic === 'job/start') held.push(payload);
      return topic !== 'job/start';
    };
    await garden.force(1, '01_C', 60);
    await garden.pass(5_000);
    await garden.run.runner.request(held[0] as never);
    await garden.pass(60_000);
    assert.deepEqual(garden.vectors(1), []);
    assert.deepEqual(ends(agent), [['refused', 'dropped on the wire']]);
    assert.deepEqual(
      (await garden.jobs()).map(({ status, reason }) => [status, reason]),
      [['ended', 'too late']],
    );
  });

  it('lets the one before it end at its time, until it has come itself', async () => {
    const { garden } = await withAgent();
    await garden.force(1, '01_C', 10);
    await garden.pass(9_000);
    garden.jobWire = (topic) => topic !== 'job/start';
    await garden.force(1, '01_C', 60);
    await garden.pass(1_000);
    assert.deepEqual(garden.bytes(1), [0]);
    await garden.pass(10_000);
    assert.deepEqual(
      (await rows(garden)).map(([status]) => status),
      ['ended', 'ended'],
    );
  });

  it('leaves its actuator neutral, and nothing running, when it was to replace another one', async () => {
    const { garden } = await withAgent();
    await garden.force(1, '01_C', 60);
    garden.jobWire = (topic) => topic !== 'job/start';
    await garden.force(1, '01_C', 60);
    await garden.pass(5_000);
    assert.deepEqual(garden.bytes(1), [0]);
    assert.equal(garden.run.runner.runningJobs, 0);
  });
});
