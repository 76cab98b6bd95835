import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Limits } from '../../../../src/domain/agent/agent-contract.ts';
import { limitsOf } from '../../../../src/domain/job/limits.ts';
import { commanded, FakeAgent } from '../../../support/fake-agent.ts';
import { GardenHarness } from '../../../support/garden-harness.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Runs for so many seconds as the moisture says, and holds what the temperature says. */
const eager = (limits: Partial<Limits>) =>
  new FakeAgent('Eager', {
    limits: limitsOf(limits),
    answer(event) {
      if (event.type === 'forced') return { job: { steps: [{ set: 1 }, { wait: event.payload * 1000 }] } };
      if (event.type !== 'reading') return {};
      const { moisture, temperature } = event.reading;
      if (temperature !== null) return { hold: temperature };
      if (moisture === null) return { job: 'cancel' };
      return { job: { steps: [{ set: 1 }, { wait: moisture * 1000 }] } };
    },
  });

async function withLimits(limits: Partial<Limits>) {
  const garden = await GardenHarness.start({ hasShipped: false });
  const agent = eager(limits);
  garden.types.put(agent);
  await garden.addSensor();
  await garden.addAgent(1, '01_C', 'Eager');
  return { garden, agent };
}

const run = (garden: GardenHarness, seconds: number) => garden.receive(1, { moisture: seconds });
const hold = (garden: GardenHarness, value: number) => garden.receive(1, { temperature: value });
const isOn = (garden: GardenHarness) => garden.bytes(1)?.[0] !== 0;
const cuts = async (garden: GardenHarness) => {
  await garden.store.commit();
  return garden.store.disk.decisions.flatMap(({ cut }) =>
    cut === undefined ? [] : [[cut.limit, cut.grantedMs]],
  );
};
const refusals = ({ asked }: FakeAgent) =>
  asked.flatMap(({ event }) =>
    event.type === 'jobEnded' && event.job.outcome === 'refused' ? [event.job.reason] : [],
  );

describe('The longest run', () => {
  it('cuts a plan; the cut is on record and the end that is shown is the real one', async () => {
    const { garden } = await withLimits({ longestRunMs: MINUTE });
    await run(garden, 600);
    assert.equal(garden.agent(1, '01_C').job?.endsAt, garden.clock.now() + MINUTE);
    assert.deepEqual(garden.store.disk.decisions.at(-1)?.cut, {
      limit: 'longestRunMs',
      askedMs: 10 * MINUTE,
      grantedMs: MINUTE,
    });
    await garden.pass(MINUTE);
    assert.equal(isOn(garden), false);
  });

  it('is told with the decision, in words', async () => {
    const { garden } = await withLimits({ longestRunMs: MINUTE });
    await run(garden, 600);
    const range = { from: 0, until: garden.clock.now() + 1 };
    const [told] = (await garden.ask('decisions', {
      sensor: 1,
      range,
      page: { limit: 9, after: null },
      locale: 'de',
    })) as object[];
    const { text, cut } = told as { text: string; cut: object };
    assert.equal(text, 'told Gekürzt auf 60 s (längster Lauf).');
    assert.deepEqual(cut, { limit: 'longestRunMs', asked_ms: 10 * MINUTE, granted_ms: MINUTE });
  });

  it('is not got round by a run that takes over from another one', async () => {
    const { garden, agent } = await withLimits({ longestRunMs: MINUTE });
    for (let second = 0; second < 60; second += 10) {
      await run(garden, 600);
      await garden.pass(10_000);
    }
    assert.equal(isOn(garden), false);
    await run(garden, 600);
    assert.equal(isOn(garden), true, 'the next one is another run');
    assert.deepEqual(refusals(agent), []);
  });

  it('cuts what a person has forced too, from the moment of the command', async () => {
    const { garden } = await withLimits({ longestRunMs: MINUTE });
    await run(garden, 600);
    await garden.pass(30_000);
    await garden.force(1, '01_C', 600);
    await garden.pass(MINUTE - 1);
    assert.equal(isOn(garden), true);
    await garden.pass(1);
    assert.equal(isOn(garden), false);
  });

  it('is that of the garden or of the owner of the agent where they are tighter', async () => {
    const garden = await GardenHarness.start({ limits: { longestRunMs: 40_000 } });
    await garden.addSensor();
    await garden.addAgent(1, '01_W');
    await garden.force(1, '01_W', 7_200);
    const ends = () => (garden.agent(1, '01_W').job?.endsAt ?? 0) - garden.clock.now();
    assert.equal(ends(), 40_000);
    const patch = { limits: { longestRunMs: 20_000 } };
    await garden.ask('patchSettings', { sensor: 1, domain: '01_W', body: patch });
    await garden.force(1, '01_W', 7_200);
    assert.equal(ends(), 20_000);
    await garden.crash();
    await garden.force(1, '01_W', 7_200);
    assert.equal(ends(), 20_000);
  });
});

describe('The daily budget', () => {
  it('cuts the run that would exceed it, refuses the next, and is back a day later', async () => {
    const { garden, agent } = await withLimits({ dailyBudgetMs: 10 * MINUTE });
    await run(garden, 360);
    await garden.pass(HOUR);
    await run(garden, 360);
    assert.equal(garden.agent(1, '01_C').job?.endsAt, garden.clock.now() + 4 * MINUTE);
    await garden.pass(HOUR);
    await run(garden, 360);
    assert.equal(isOn(garden), false);
    assert.equal(garden.agent(1, '01_C').job, null);
    assert.deepEqual(refusals(agent), ['daily budget']);
    assert.deepEqual(await cuts(garden), [
      ['dailyBudgetMs', 4 * MINUTE],
      ['dailyBudgetMs', 0],
    ]);
    await garden.pass(22 * HOUR + 6 * MINUTE);
    await run(garden, 360);
    assert.equal(garden.agent(1, '01_C').job?.endsAt, garden.clock.now() + 6 * MINUTE);
  });

  it('survives crashes, in the middle of a run and between runs', async () => {
    const { garden, agent } = await withLimits({ dailyBudgetMs: 10 * MINUTE });
    await run(garden, 360);
    await garden.pass(3 * MINUTE);
    await garden.crash();
    await garden.pass(HOUR);
    await garden.crash();
    await run(garden, 600);
    await garden.pass(4 * MINUTE - 1);
    assert.equal(isOn(garden), true);
    await garden.pass(1);
    assert.equal(isOn(garden), false);
    await garden.crash();
    await run(garden, 600);
    assert.equal(isOn(garden), false);
    assert.deepEqual(refusals(agent), ['daily budget']);
  });

  it('counts what a person has forced, and does not refuse it', async () => {
    const { garden, agent } = await withLimits({ dailyBudgetMs: 10 * MINUTE });
    await garden.force(1, '01_C', 600);
    await garden.pass(10 * MINUTE);
    await run(garden, 60);
    assert.deepEqual(refusals(agent), ['daily budget']);
    await garden.force(1, '01_C', 600);
    assert.equal(garden.agent(1, '01_C').job?.endsAt, garden.clock.now() + 10 * MINUTE);
  });

  it('starts nothing for the last seconds: they would only wear out a pump', async () => {
    const { garden, agent } = await withLimits({ dailyBudgetMs: MINUTE });
    await run(garden, 56);
    await garden.pass(MINUTE);
    await run(garden, 56);
    assert.deepEqual(refusals(agent), ['daily budget']);
    await run(garden, 3);
    assert.equal(isOn(garden), true, 'what is as short as that by itself may run');
  });

  it('leaves a run alone whose successor it refuses', async () => {
    const { garden, agent } = await withLimits({ dailyBudgetMs: MINUTE });
    await run(garden, 60);
    await garden.pass(58_000);
    await run(garden, 60);
    assert.deepEqual(refusals(agent), ['daily budget']);
    assert.equal(isOn(garden), true);
    await garden.pass(2_000);
    assert.equal(isOn(garden), false);
  });

  it('makes a held value neutral when it is spent, also after a crash', async () => {
    const { garden } = await withLimits({ dailyBudgetMs: 10 * MINUTE });
    await hold(garden, 5);
    await garden.pass(4 * MINUTE);
    await garden.crash();
    await garden.pass(6 * MINUTE - 1);
    assert.deepEqual(garden.bytes(1), [5]);
    await garden.pass(1);
    assert.deepEqual(garden.bytes(1), [0]);
    assert.equal(garden.agent(1, '01_C').because?.code, 'budgetSpent');
    await garden.crash();
    await hold(garden, 5);
    assert.deepEqual(garden.bytes(1), [0]);
    assert.deepEqual(await cuts(garden), [['dailyBudgetMs', 0]]);
  });
});

describe('The shortest pause', () => {
  it('refuses a run that comes too soon, also after a crash; a person need not wait', async () => {
    const { garden, agent } = await withLimits({ shortestPauseMs: MINUTE });
    await run(garden, 10);
    await garden.pass(10_000);
    await garden.crash();
    await garden.pass(59_999);
    await run(garden, 10);
    assert.deepEqual(refusals(agent), ['shortest pause']);
    await garden.force(1, '01_C', 10);
    assert.equal(isOn(garden), true);
    await garden.pass(10_000 + MINUTE);
    await run(garden, 10);
    assert.equal(isOn(garden), true);
  });
});

describe('The longest hold', () => {
  it('is none unless somebody says so', async () => {
    const { garden } = await withLimits({});
    await hold(garden, 5);
    await garden.pass(100 * 24 * HOUR);
    assert.deepEqual(garden.bytes(1), [5]);
  });

  it('makes the value neutral when it is over, however often it is changed on the way', async () => {
    const { garden } = await withLimits({ longestHoldMs: HOUR });
    await hold(garden, 5);
    await garden.pass(30 * MINUTE);
    await hold(garden, 6);
    await garden.pass(30 * MINUTE);
    assert.deepEqual(garden.bytes(1), [0]);
    assert.equal(garden.agent(1, '01_C').because?.code, 'heldTooLong');
    assert.equal(garden.store.disk.decisions.at(-1)?.event, 'limit');
    const range = { from: 0, until: garden.clock.now() + 1 };
    const [told] = (await garden.ask('decisions', { sensor: 1, range, page: { limit: 9, after: null } })) as {
      text: string;
    }[];
    assert.equal(told?.text, 'Neutral: the value was held for as long as it may be.');
    await garden.crash();
    assert.deepEqual(garden.bytes(1), [0]);
  });
});

describe('The lockout', () => {
  async function failing(times: number) {
    const { garden, agent } = await withLimits({});
    await run(garden, 600);
    const { answer } = agent;
    agent.answer = (event, view) => {
      if (event.type === 'reading') throw new Error('broken');
      return answer(event, view);
    };
    for (let n = 0; n < times; n++) await run(garden, 60);
    return { garden, agent, answer };
  }

  it('comes after five failures in a row: neutral, shown, told, and asked no more', async () => {
    const { garden, agent } = await failing(4);
    assert.equal(isOn(garden), true);
    await run(garden, 60);
    assert.equal(isOn(garden), false);
    const ui = await garden.ask('status', { sensor: 1 });
    assert.match(
      JSON.stringify(ui),
      /"state":"Error","rendered":"locked out after 5 failures in a row: broken"/,
    );
    assert.equal(garden.agent(1, '01_C').because?.code, 'lockedOut');
    const told = garden.told.filter(
      ({ payload }) => (payload as { change?: string } | undefined)?.change === 'lockedOut',
    );
    assert.equal(told.length, 1);
    const { length } = agent.asked;
    await run(garden, 60);
    await garden.pass(HOUR);
    assert.equal(agent.asked.length, length);
  });

  it('does not come while something succeeds in between', async () => {
    const { garden } = await failing(4);
    await garden.force(1, '01_C', 600);
    for (let n = 0; n < 4; n++) await run(garden, 60);
    assert.equal(isOn(garden), true);
  });

  it('survives a crash, and ends by a command', async () => {
    const { garden, agent, answer } = await failing(5);
    await garden.crash();
    agent.answer = answer;
    await run(garden, 60);
    assert.equal(isOn(garden), false);
    await garden.force(1, '01_C', 60);
    assert.equal(isOn(garden), true);
    assert.equal(garden.agent(1, '01_C').guard.lockout, undefined);
  });

  it('ends when somebody changes the settings, even by nothing', async () => {
    const { garden, agent, answer } = await failing(5);
    agent.answer = answer;
    await garden.ask('patchSettings', { sensor: 1, domain: '01_C', body: {} });
    await run(garden, 60);
    assert.equal(isOn(garden), true);
  });

  it('ends with another version of the code', async () => {
    const { garden } = await failing(5);
    garden.types.put(Object.assign(eager({}), { version: '2.0.0' }));
    await garden.runtime.agentTypesChanged('Eager');
    await run(garden, 60);
    assert.equal(isOn(garden), true);
  });

  it('counts a decision that cannot be carried out, but no node that drops jobs on the wire', async () => {
    const garden = await GardenHarness.start({ hasShipped: false });
    const agent = commanded();
    garden.types.put(agent);
    await garden.addSensor();
    await garden.addAgent(1, '01_C', 'Commanded');
    garden.jobWire = () => false;
    for (let n = 0; n < 6; n++) {
      await garden.force(1, '01_C', 60);
      await garden.pass(6_000);
    }
    assert.equal(garden.agent(1, '01_C').guard.lockout, undefined);
    agent.answer = () => ({ job: { steps: [{ wait: 5 }] } });
    for (let n = 0; n < 5; n++) await garden.receive(1, { moisture: 1 });
    assert.notEqual(garden.agent(1, '01_C').guard.lockout, undefined);
  });
});
