import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { commanded } from '../../../support/fake-agent.ts';
import { GardenHarness } from '../../../support/garden-harness.ts';

/** A vector that leaves: its byte, what the disk says of commands at that moment, and how many commits were made. */
interface Leaving {
  readonly byte: number | undefined;
  readonly stored: number | undefined;
  readonly commits: number;
}

async function watched() {
  const garden = await GardenHarness.start({ hasShipped: false });
  garden.types.put(commanded());
  await garden.addSensor();
  await garden.addAgent(1, '01_C', 'Commanded');
  const leaving: Leaving[] = [];
  let commits = 0;
  const { store } = garden;
  const commit = store.commit.bind(store);
  store.commit = () => {
    commits += 1;
    return commit();
  };
  garden.run.observer = {
    publishes({ payload }) {
      if (!(payload instanceof Uint8Array)) return;
      const stored = store.disk.sensorCommands.at(-1)?.command.agents[0]?.value;
      leaving.push({ byte: payload[0], stored, commits });
    },
  };
  const force = (payload: number) =>
    garden.attempt('command', { sensor: 1, domain: '01_C', body: { payload } });
  return { garden, leaving, force };
}

describe('The row of a command', () => {
  it('of a job is on disk before the actuator is turned on', async () => {
    const { leaving, force } = await watched();
    await force(60);
    assert.deepEqual(
      leaving.map(({ byte, stored }) => [byte, stored]),
      [[1, 1]],
    );
  });

  it('of a held value is in the same commit as its agent', async () => {
    const { leaving, force } = await watched();
    await force(-7);
    assert.deepEqual(leaving, [{ byte: 7, stored: 7, commits: 1 }]);
  });

  it('that makes neutral waits for nothing, and is on disk right after it', async () => {
    const { garden, leaving, force } = await watched();
    await force(60);
    await garden.pass(59_999);
    await garden.pass(1);
    assert.deepEqual([leaving.at(-1)?.byte, leaving.at(-1)?.stored], [0, 1]);
    assert.equal(garden.store.disk.sensorCommands.at(-1)?.command.agents[0]?.value, 0);
  });

  it('goes with the value that could not be stored, and does not stay queued', async () => {
    const { garden, leaving, force } = await watched();
    garden.store.isFailing = true;
    await force(-7);
    garden.store.isFailing = false;
    await garden.pass(60_000);
    assert.deepEqual(leaving, []);
    const states = garden.store.disk.sensorCommands.map(
      ({ command: { agents, state } }) => `${agents[0]?.value} ${state}`,
    );
    assert.deepEqual(states, ['0 sent', '7 expired']);
  });

  it('does not keep a job from its next phase, whose own row has been on disk for long', async () => {
    const { garden, leaving, force } = await watched();
    const agent = garden.types.get('Commanded');
    assert.ok(agent !== undefined);
    const steps = [{ set: 1 }, { wait: 1_000 }, { set: 0 }, { wait: 1_000 }, { set: 1 }, { wait: 1_000 }];
    Object.assign(agent, { answer: () => ({ job: { steps } }) });
    await force(1);
    garden.store.isFailing = true;
    await garden.pass(2_500);
    assert.deepEqual(
      leaving.map(({ byte }) => byte),
      [1, 0, 1],
    );
  });
});

describe('From a decision to its command', () => {
  async function pumps() {
    const garden = await GardenHarness.start({ hasShipped: false });
    garden.types.put(commanded());
    await garden.addSensor();
    for (const domain of ['01_C', '02_C']) await garden.addAgent(1, domain, 'Commanded');
    garden.store.gathersFor = 4;
    garden.store.commits = 0;
    const on = { commits: 0 };
    garden.run.observer = {
      publishes({ payload }) {
        if (payload instanceof Uint8Array && payload[0] === 1) on.commits = garden.store.commits;
      },
    };
    const force = (domain: string, payload: number) =>
      garden.attempt('command', { sensor: 1, domain, body: { payload } });
    return { garden, on, force };
  }

  it('there is one commit, with the agent, its job as the runner has it, and the command', async () => {
    const { garden, on, force } = await pumps();
    assert.equal((await force('01_C', 60)).status, 200);
    assert.equal(on.commits, 1);
    assert.deepEqual(garden.bytes(1), [1, 0]);
    const [command] = garden.envelopes(1).slice(-1);
    assert.equal(command?.agents[0]?.until, garden.agent(1, '01_C').until);
  });

  it('there are three where a node on the wire sees the job: it is shown only what is on disk', async () => {
    const { garden, on, force } = await pumps();
    garden.isRunnerNext = false;
    const seen: unknown[] = [];
    garden.jobWire = (topic, payload) => {
      if (topic === 'job/start') seen.push(garden.store.disk.jobs.find(({ id }) => id === jobOf(payload)));
      return true;
    };
    await force('01_C', 60);
    assert.equal(on.commits, 3);
    assert.ok(seen.length === 1 && seen[0] !== undefined);
  });

  const jobOf = (payload: object | undefined) => (payload as { id?: string } | undefined)?.id;

  it('nothing is turned on that the store does not take, and nothing of it comes later', async () => {
    const { garden, force } = await pumps();
    garden.store.isFailing = true;
    assert.equal((await force('01_C', 60)).status, 503);
    garden.store.isFailing = false;
    await garden.pass(10_000);
    assert.ok(garden.vectors(1).every((bytes) => bytes.every((byte) => byte === 0)));
    assert.equal(garden.run.runner.runningJobs, 0);
    assert.deepEqual(
      (await garden.jobs()).map(({ status, outcome }) => `${status} ${outcome}`),
      ['ended refused'],
    );
    const told = garden.told.filter(({ wire }) => wire === 'event/job');
    assert.deepEqual(
      told.map(({ payload }) => (payload as { event: string }).event),
      ['refused'],
    );
    await garden.crash();
    assert.deepEqual(garden.bytes(1), [0, 0]);
  });

  for (const isRunnerNext of [true, false])
    it(`a kill at any turn takes nothing that was acknowledged, and puts off no end${isRunnerNext ? '' : ', beside a node on the wire'}`, async () => {
      for (let turns = 0; turns < 30; turns++) {
        const { garden, force } = await pumps();
        garden.isRunnerNext = isRunnerNext;
        let status: number | undefined;
        void force('01_C', 60).then((answer) => {
          status = answer.status;
        });
        const end = garden.clock.now() + 60_000;
        await garden.run.settle(turns);
        await garden.crash({ downMs: 2_000 });
        await garden.settle();
        const isOn = garden.bytes(1)?.[0] === 1;
        if (status === 200) assert.ok(isOn, `killed after ${turns} turns, it is off`);
        if (isOn) assert.equal(garden.agent(1, '01_C').job?.endsAt, end, `killed after ${turns} turns`);
        await garden.pass(60_000);
        assert.deepEqual(garden.bytes(1), [0, 0]);
        for (const job of await garden.jobs()) assert.equal(job.status, 'ended');
      }
    });

  for (const payload of [60, -7])
    it(`what another actuator of the sensor turns off leaves without ${payload > 0 ? 'a job' : 'a value'} that is not on disk`, async () => {
      const { garden, force } = await pumps();
      await force('02_C', -9);
      garden.store.isHanging = true;
      void force('01_C', payload);
      await garden.settle();
      void force('02_C', 0);
      await garden.settle();
      assert.deepEqual(garden.bytes(1), [0, 9], 'its code only cancels');
      void garden.attempt('deleteAgent', {
        sensor: 1,
        body: { domain: '02_C', agent_name: 'Commanded' },
      });
      await garden.settle();
      assert.deepEqual(garden.bytes(1), [0]);
      assert.deepEqual(
        garden
          .envelopes(1)
          .at(-1)
          ?.agents.map(({ value }) => value),
        [0],
      );
    });
});
