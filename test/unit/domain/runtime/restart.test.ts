import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { commanded, type FakeAgent } from '../../../support/fake-agent.ts';
import { GardenHarness } from '../../../support/garden-harness.ts';

async function running() {
  const garden = await GardenHarness.start({ hasShipped: false });
  const agent = commanded();
  garden.types.put(agent);
  await garden.addSensor('Fern');
  await garden.addAgent(1, '01_C', 'Commanded');
  await garden.force(1, '01_C', 60);
  agent.asked.length = 0;
  return { garden, agent };
}

const endsOf = (agent: FakeAgent) =>
  agent.asked.flatMap(({ event }) =>
    event.type === 'jobEnded' ? [[event.job.outcome, event.job.reason]] : [],
  );

describe('After a crash', () => {
  for (const runnerFirst of [true, false]) {
    it(`every actuator with an open job is neutral first (${runnerFirst ? 'runner' : 'runtime'} first)`, async () => {
      const { garden, agent } = await running();
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

describe('Last words', () => {
  it('make neutral what a job has on, and keep what is held', async () => {
    const { garden } = await running();
    await garden.addAgent(1, '02_C', 'Commanded');
    await garden.force(1, '02_C', -7);
    await garden.addSensor();
    await garden.addAgent(2, '01_C', 'Commanded');
    await garden.force(2, '01_C', -3);
    const words = garden.runtime.lastWords().map(({ topic, payload }) => [topic, ...payload]);
    assert.deepEqual(words, [['sensor/cmd/1', 0, 7]]);
  });

  it('are none where no job runs; then every timer is gone', async () => {
    const { garden } = await running();
    await garden.pass(60_000);
    assert.deepEqual(garden.runtime.lastWords(), []);
    await garden.force(1, '01_C', 60);
    garden.runtime.stop();
    garden.run.runner.stop();
    await garden.store.close();
    assert.equal(garden.clock.waiting, 0);
  });
});
