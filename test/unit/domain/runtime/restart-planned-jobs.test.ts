import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { endsOf, running } from '../../../support/running-garden.ts';

describe('After a crash', () => {
  it('a job that was planned, but had not reached the runner, is asked for once more', async () => {
    const { garden, agent } = await running();
    await garden.pass(60_000);
    garden.jobWire = () => false;
    await garden.force(1, '01_C', 60);
    garden.jobWire = () => true;
    agent.asked.length = 0;
    await garden.crash();
    assert.deepEqual(garden.bytes(1), [1]);
    await garden.pass(60_000);
    assert.deepEqual(endsOf(agent), [['finished', undefined]]);
  });

  /** A job that was planned, but had not reached the runner when the process died. */
  async function plannedOnly(rule: 'finish' | 'resume' | 'close', seconds = 60) {
    const { garden, agent } = await running(rule);
    await garden.pass(60_000);
    garden.jobWire = () => false;
    await garden.force(1, '01_C', seconds);
    garden.jobWire = () => true;
    agent.asked.length = 0;
    return { garden, agent, before: garden.pool.log.length };
  }

  it('such a job ends when it was to end, however late it begins', async () => {
    const { garden, agent } = await plannedOnly('finish');
    const { endsAt } = garden.agent(1, '01_C').job ?? { endsAt: 0 };
    await garden.crash({ downMs: 1_400 });
    assert.deepEqual(garden.bytes(1), [1]);
    assert.equal(garden.agent(1, '01_C').job?.endsAt, endsAt);
    await garden.pass(58_599);
    assert.deepEqual(garden.bytes(1), [1]);
    await garden.pass(1);
    assert.deepEqual(garden.bytes(1), [0]);
    assert.deepEqual(endsOf(agent), [['finished', undefined]]);
  });

  it('one whose time is over by then turns nothing on', async () => {
    const { garden, agent, before } = await plannedOnly('finish', 2);
    await garden.crash({ downMs: 2_500 });
    await garden.pass(1);
    assert.ok(garden.pool.log.slice(before).every(({ bytes }) => bytes[0] === 0));
    assert.deepEqual(endsOf(agent), [['refused', 'dropped on the wire']]);
  });

  it('nor if it is over by the time at which it reaches the runner', async () => {
    const { garden, agent, before } = await plannedOnly('finish', 2);
    garden.jobWire = (topic) => {
      if (topic === 'job/start') garden.clock.jump(1_000);
      return true;
    };
    await garden.crash({ downMs: 1_500 });
    assert.ok(garden.pool.log.slice(before).every(({ bytes }) => bytes[0] === 0));
    assert.deepEqual(endsOf(agent), [['finished', undefined]]);
  });

  it('it goes on to its announced end also where the restart took long', async () => {
    const { garden } = await plannedOnly('finish');
    await garden.crash({ downMs: 40_000 });
    assert.deepEqual(garden.bytes(1), [1]);
    await garden.pass(20_000);
    assert.deepEqual(garden.bytes(1), [0]);
  });

  it('by the rule resume it gets all of its time', async () => {
    const { garden } = await plannedOnly('resume');
    await garden.crash({ downMs: 1_400 });
    await garden.pass(59_999);
    assert.deepEqual(garden.bytes(1), [1]);
    await garden.pass(1);
    assert.deepEqual(garden.bytes(1), [0]);
  });

  it('by the rule resume it is given up after 5 s', async () => {
    const { garden, agent, before } = await plannedOnly('resume');
    await garden.crash({ downMs: 5_000 });
    await garden.pass(1);
    assert.ok(garden.pool.log.slice(before).every(({ bytes }) => bytes[0] === 0));
    assert.deepEqual(endsOf(agent), [['refused', 'dropped on the wire']]);
  });

  for (const runnerFirst of [true, false])
    it(`it is given up where a later one had taken its place${runnerFirst ? '' : ', whoever starts first'}`, async () => {
      const { garden, agent } = await running();
      garden.isRunnerNext = false;
      garden.jobWire = (topic) => topic !== 'job/start';
      await garden.force(1, '01_C', 7_200);
      garden.jobWire = () => true;
      await garden.force(1, '01_C', 30);
      await garden.crash({ runnerFirst });
      await garden.pass(29_000);
      assert.deepEqual(garden.bytes(1), [1]);
      await garden.pass(1_000);
      assert.deepEqual(garden.bytes(1), [0]);
      for (const { status } of await garden.jobs()) assert.equal(status, 'ended');
      assert.equal(agent.events.filter((event) => event === 'jobEnded').length, 3);
    });

  it('by the rule close it does not begin', async () => {
    const { garden, agent, before } = await plannedOnly('close');
    await garden.crash({ downMs: 1_400 });
    await garden.pass(1);
    assert.ok(garden.pool.log.slice(before).every(({ bytes }) => bytes[0] === 0));
    assert.deepEqual(endsOf(agent), [['refused', 'dropped on the wire']]);
  });

  it('nor does one that, by a clock that was set back, is still to be planned', async () => {
    const { garden, agent, before } = await plannedOnly('finish');
    await garden.crash({ downMs: -3_600_000 });
    await garden.pass(1);
    assert.ok(garden.pool.log.slice(before).every(({ bytes }) => bytes[0] === 0));
    assert.deepEqual(endsOf(agent), [['refused', 'dropped on the wire']]);
  });

  it('one that was planned longer ago is given up', async () => {
    const { garden, agent } = await running();
    await garden.pass(60_000);
    garden.jobWire = () => false;
    await garden.force(1, '01_C', 60);
    garden.jobWire = () => true;
    agent.asked.length = 0;
    garden.clock.jump(3_600_000);
    await garden.crash();
    await garden.pass(1);
    assert.deepEqual(garden.bytes(1), [0]);
    assert.deepEqual(
      endsOf(agent).map(([outcome]) => outcome),
      ['refused'],
    );
  });
});
