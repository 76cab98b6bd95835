import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { commanded } from '../../../support/fake-agent.ts';
import { GardenHarness } from '../../../support/garden-harness.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const AT = { sensor: 1, domain: '01_C' } as const;

async function running(seconds: number) {
  const garden = await GardenHarness.start({ hasShipped: false, supplies: { pump: 1 } });
  garden.types.put(commanded());
  await garden.addSensor();
  await garden.addAgent(1, AT.domain, 'Commanded');
  await garden.force(1, AT.domain, seconds);
  await garden.settle();
  return garden;
}

const tighten = (garden: GardenHarness, limits: object) =>
  garden.ask('patchSettings', { ...AT, body: { limits } });
const isOn = (garden: GardenHarness) => garden.bytes(1)?.[0] === 1;
const endsAt = (garden: GardenHarness) => garden.agent(1, AT.domain).job?.endsAt;
const cuts = async (garden: GardenHarness) => {
  await garden.store.commit();
  return garden.store.disk.decisions.flatMap(({ cut, because }) =>
    cut === undefined ? [] : [[because.code, cut]],
  );
};

describe('A limit that is tightened while a job runs', () => {
  it('ends the job as much earlier: the end that is shown, that of the envelope, and the real one', async () => {
    const garden = await running(600);
    const began = garden.clock.now();
    await garden.pass(20 * SECOND);
    await tighten(garden, { longestRunMs: MINUTE });
    assert.equal(endsAt(garden), began + MINUTE);
    assert.equal(garden.envelopes(1).at(-1)?.agents[0]?.until, began + MINUTE);
    assert.deepEqual(await cuts(garden), [
      ['tightened', { limit: 'longestRunMs', askedMs: 10 * MINUTE, grantedMs: MINUTE }],
    ]);
    await garden.pass(40 * SECOND - 1);
    assert.equal(isOn(garden), true);
    await garden.pass(1);
    assert.equal(isOn(garden), false);
  });

  it('stops at once what has run for longer already', async () => {
    const garden = await running(600);
    await garden.pass(2 * MINUTE);
    await tighten(garden, { longestRunMs: MINUTE });
    assert.equal(isOn(garden), false);
    assert.equal(endsAt(garden), undefined);
    await garden.settle();
    assert.deepEqual(
      (await garden.jobs()).map(({ status, outcome, reason }) => [status, outcome, reason]),
      [['ended', 'cancelled', 'longest run']],
    );
  });

  it('is kept over a crash', async () => {
    const garden = await running(600);
    const began = garden.clock.now();
    await tighten(garden, { longestRunMs: MINUTE });
    await garden.crash();
    assert.equal(endsAt(garden), began + MINUTE);
    await garden.pass(MINUTE);
    assert.equal(isOn(garden), false);
  });

  it('counts for a job of before the start, where the owner has tightened it meanwhile', async () => {
    const garden = await running(600);
    const began = garden.clock.now();
    Object.assign(garden, { limits: { longestRunMs: MINUTE } });
    await garden.crash();
    assert.equal(endsAt(garden), began + MINUTE);
    await garden.pass(MINUTE);
    assert.equal(isOn(garden), false);
  });

  it('leaves a job alone that is over before', async () => {
    const garden = await running(30);
    const end = endsAt(garden);
    await tighten(garden, { longestRunMs: MINUTE });
    assert.equal(endsAt(garden), end);
    assert.deepEqual(await cuts(garden), []);
  });

  it('is no budget for what a person has on', async () => {
    const garden = await running(600);
    const end = endsAt(garden);
    await tighten(garden, { dailyBudgetMs: MINUTE });
    assert.equal(endsAt(garden), end);
  });

  it('ends what the agent itself has on by what is left of the day', async () => {
    const garden = await running(1);
    await garden.pass(MINUTE);
    const agent = garden.types.get('Commanded');
    assert.ok(agent !== undefined);
    Object.assign(agent, { answer: () => ({ job: { steps: [{ set: 1 }, { wait: 10 * MINUTE }] } }) });
    await garden.receive(1, { moisture: 1 });
    const began = garden.clock.now();
    Object.assign(agent, { answer: () => ({}) });
    await garden.pass(20 * SECOND);
    await tighten(garden, { dailyBudgetMs: MINUTE });
    // One second of it was used before.
    assert.equal(endsAt(garden), began + MINUTE - SECOND);
    await garden.pass(40 * SECOND);
    assert.equal(isOn(garden), false);
  });

  it('ends the job where a node on the wire keeps that from the job-runner', async () => {
    const garden = await running(600);
    garden.jobWire = (topic) => topic !== 'job/cut';
    await tighten(garden, { longestRunMs: MINUTE });
    await garden.pass(4_999);
    assert.equal(isOn(garden), true);
    await garden.pass(1);
    assert.equal(isOn(garden), false);
    await garden.settle();
    assert.deepEqual(
      (await garden.jobs()).map(({ outcome, reason }) => [outcome, reason]),
      [['cancelled', 'dropped on the wire']],
    );
  });

  it('cuts a job that waits for its supply, without taking its place', async () => {
    const garden = await running(1);
    await garden.pass(MINUTE);
    const plan = { steps: [{ set: 1 }, { wait: MINUTE }, { set: 0 }], supply: 'pump' };
    const createdAt = garden.clock.now();
    await garden.run.runner.request({ id: 'hose', owner: 'hose', plan, neutral: 0, createdAt });
    const agent = garden.types.get('Commanded');
    assert.ok(agent !== undefined);
    const steps = [{ set: 1 }, { wait: 5 * MINUTE }];
    Object.assign(agent, { answer: () => ({ job: { steps, supply: 'pump' } }) });
    await garden.receive(1, { moisture: 1 });
    Object.assign(agent, { answer: () => ({}) });
    await tighten(garden, { longestRunMs: 2 * MINUTE });
    assert.equal(endsAt(garden), createdAt + 3 * MINUTE);
    await garden.pass(MINUTE);
    assert.equal(isOn(garden), true);
    await garden.pass(2 * MINUTE - 1);
    assert.equal(isOn(garden), true);
    await garden.pass(1);
    assert.equal(isOn(garden), false);
  });
});

describe('A limit that ends what is held, and is taken back', () => {
  const leaseEnds = (garden: GardenHarness) => garden.envelopes(1).at(-1)?.agents[0]?.until ?? 0;

  async function held() {
    const garden = await running(-7);
    await tighten(garden, { longestHoldMs: MINUTE });
    assert.equal(leaseEnds(garden), garden.clock.now() + MINUTE);
    return garden;
  }

  it('is told to a device that would have gone neutral by itself', async () => {
    const garden = await held();
    await tighten(garden, { longestHoldMs: null });
    assert.equal(leaseEnds(garden), garden.clock.now() + 10 * MINUTE);
  });

  it('is told also where the store did not take it', async () => {
    const garden = await running(-7);
    garden.store.isFailing = true;
    const { status } = await garden.attempt('patchSettings', {
      ...AT,
      body: { limits: { longestHoldMs: MINUTE } },
    });
    assert.equal(status, 503);
    assert.equal(leaseEnds(garden), garden.clock.now() + 10 * MINUTE);
  });
});
