import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { GardenHarness } from '../../../support/garden-harness.ts';
import { MemoryStore } from '../../../support/memory-store.ts';
import { endsOf, running } from '../../../support/running-garden.ts';

describe('After a crash', () => {
  it('nothing is written of agents that go on as they were, and no decision is made of the start alone', async () => {
    const garden = await GardenHarness.start();
    await garden.addSensor('Fern');
    await garden.addAgent(1, '01_Water', 'ThresholdAgent');
    await garden.crash();
    const { write } = MemoryStore.prototype;
    const written: string[] = [];
    MemoryStore.prototype.write = function (change) {
      written.push(change.type);
      write.call(this, change);
    };
    try {
      await garden.crash();
    } finally {
      MemoryStore.prototype.write = write;
    }
    assert.deepEqual(
      written.filter((type) => type === 'agentSaved' || type === 'decisionAdded'),
      [],
    );
  });

  for (const runnerFirst of [true, false]) {
    it(`a job by the rule close is over (${runnerFirst ? 'runner' : 'runtime'} first)`, async () => {
      const { garden, agent } = await running('close');
      await garden.crash({ runnerFirst, isConnected: false });
      assert.deepEqual(garden.bytes(1), [1]);
      await garden.connect();
      assert.deepEqual(garden.bytes(1), [0]);
      assert.deepEqual(endsOf(agent), [['cancelled', 'restart']]);
      assert.deepEqual(
        (await garden.jobs()).map(({ status, reason }) => [status, reason]),
        [['ended', 'restart']],
      );
    });
  }

  it('a job by the rule finish, the default, goes on to its announced end, never longer', async () => {
    const { garden, agent } = await running();
    await garden.pass(20_000);
    const { endsAt } = garden.agent(1, '01_C').job ?? { endsAt: 0 };
    garden.clock.jump(15_000);
    await garden.crash();
    assert.deepEqual(garden.bytes(1), [1]);
    assert.equal(garden.agent(1, '01_C').job?.endsAt, endsAt);
    await garden.pass(24_999);
    assert.deepEqual(garden.bytes(1), [1]);
    await garden.pass(1);
    assert.deepEqual(garden.bytes(1), [0]);
    assert.deepEqual(endsOf(agent), [['finished', undefined]]);
  });

  it('a job whose end has passed meanwhile turns nothing on', async () => {
    const { garden, agent } = await running();
    garden.clock.jump(3_600_000);
    const before = garden.pool.log.length;
    await garden.crash();
    assert.deepEqual(garden.bytes(1), [0]);
    assert.ok(garden.pool.log.slice(before).every(({ bytes }) => bytes[0] === 0));
    assert.deepEqual(endsOf(agent), [['finished', undefined]]);
  });

  it('a job by the rule resume gets the time that remained', async () => {
    const { garden } = await running('resume');
    await garden.pass(20_000);
    garden.clock.jump(3_600_000);
    await garden.crash();
    assert.deepEqual(garden.bytes(1), [1]);
    await garden.pass(39_999);
    assert.deepEqual(garden.bytes(1), [1]);
    await garden.pass(5_001);
    assert.deepEqual(garden.bytes(1), [0]);
  });

  it('the first vector has on what a job goes on with, also before the runner says so: nothing blinks', async () => {
    const { garden, before } = await interrupted();
    assert.deepEqual(garden.vectors(1).slice(before), [[1]]);
    assert.equal(garden.agent(1, '01_C').until, garden.agent(1, '01_C').job?.endsAt);
    garden.run.runner.sync();
    await garden.settle();
    await garden.pass(39_999);
    assert.deepEqual(garden.vectors(1).slice(before), [[1]]);
    await garden.pass(1);
    assert.deepEqual(garden.bytes(1), [0]);
  });

  it('nor after a planned stop, also where the disk has not taken its command yet when the broker comes', async () => {
    const { garden } = await running();
    await garden.pass(20_000);
    garden.runtime.lastWords();
    const before = garden.vectors(1).length;
    await garden.store.commit();
    garden.isRunnerHeard = false;
    await garden.crash({ isConnected: false });
    garden.isRunnerHeard = true;
    garden.store.isHanging = true;
    garden.run.runner.sync();
    await garden.settle();
    await garden.connect();
    assert.deepEqual(garden.vectors(1).slice(before), [[1]]);
  });

  it('without a runner it rests after 5 s, until there is one', async () => {
    const { garden } = await interrupted();
    await garden.pass(4_999);
    assert.deepEqual(garden.bytes(1), [1]);
    await garden.pass(1);
    assert.deepEqual(garden.bytes(1), [0]);
    assert.notEqual(garden.agent(1, '01_C').job, null);
    garden.run.runner.sync();
    await garden.settle();
    assert.deepEqual(garden.bytes(1), [1]);
  });

  /** A job that was on for 20 of its 60 s; the new runner has not said anything yet. */
  async function interrupted() {
    const { garden } = await running();
    await garden.pass(20_000);
    const before = garden.vectors(1).length;
    garden.isRunnerHeard = false;
    await garden.crash();
    garden.isRunnerHeard = true;
    return { garden, before };
  }

  it('while the runner alone is away, what its jobs have on rests', async () => {
    const { garden } = await running();
    garden.runtime.runnerStopped();
    await garden.settle();
    assert.deepEqual(garden.bytes(1), [0]);
    assert.notEqual(garden.agent(1, '01_C').job, null);
    garden.run.runner.sync();
    await garden.settle();
    assert.deepEqual(garden.bytes(1), [1]);
  });

  it('a job that a person has stopped just before stays off, whatever its row says', async () => {
    const { garden, agent } = await running();
    await garden.ask('command', { sensor: 1, domain: '01_C', body: { payload: 0 } });
    agent.asked.length = 0;
    await garden.crash();
    assert.deepEqual(garden.bytes(1), [0]);
    await garden.pass(1_000);
    assert.deepEqual(garden.bytes(1), [0]);
    assert.deepEqual(
      (await garden.jobs()).map(({ status, outcome }) => [status, outcome]),
      [['ended', 'cancelled']],
    );
    assert.deepEqual(endsOf(agent), [['cancelled', 'decided']]);
  });

  it('the row of the job is open until its neutral has been delivered', async () => {
    const { garden } = await running();
    await garden.crash({ isConnected: false });
    await garden.pass(60_000);
    const status = async () => (await garden.jobs()).map((job) => job.status);
    assert.deepEqual(await status(), ['ending']);
    garden.pool.delayMs = 300;
    await garden.connect();
    assert.deepEqual(await status(), ['ending']);
    await garden.pass(300);
    assert.deepEqual(await status(), ['ended']);
  });

  it('a job of an agent that was removed meanwhile is closed', async () => {
    const { garden } = await running();
    await garden.addAgent(1, '02_C', 'Commanded');
    await garden.disconnect();
    await garden.removeAgent(1, '01_C', 'Commanded');
    await garden.store.commit();
    await garden.crash();
    assert.deepEqual(
      (await garden.jobs()).map(({ status }) => status),
      ['ended'],
    );
  });

  it('a job of the last agent is closed as well, once the retained vector has gone', async () => {
    const { garden } = await running();
    garden.jobWire = () => false;
    await garden.removeAgent(1, '01_C', 'Commanded');
    await garden.store.commit();
    assert.equal(garden.bytes(1), undefined);
    garden.jobWire = () => true;
    await garden.crash();
    assert.deepEqual(
      (await garden.jobs()).map(({ status }) => status),
      ['ended'],
    );
  });

  it('names, values, rows, logs and alarms are as they were', async () => {
    const { garden, agent } = await running();
    agent.answer = ({ type, at }) => (type === 'forced' ? { hold: 9, wakeAt: at + 60_000 } : {});
    await garden.force(1, '01_C', 1);
    await garden.receive(1, { moisture: 33 });
    await garden.receive(1, 'hello', 'log');
    await garden.pass(100);
    agent.asked.length = 0;
    await garden.crash();
    assert.equal(garden.twin(1).name, 'Fern');
    assert.equal(garden.twin(1).row?.moisture, 33);
    assert.deepEqual(garden.bytes(1), [9]);
    assert.deepEqual(agent.events, ['started']);
    assert.equal(((await garden.ask('log', { sensor: 1 })) as string[]).length, 1);
    await garden.pass(60_000);
    assert.deepEqual(agent.events, ['started', 'woken']);
  });
});
