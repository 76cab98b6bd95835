import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { commanded, FakeAgent } from '../../../support/fake-agent.ts';
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

describe('An agent whose agent type is not there', () => {
  async function without() {
    const { garden, agent } = await running();
    await garden.addAgent(1, '02_C', 'Commanded');
    await garden.force(1, '02_C', -7);
    return { garden, agent };
  }

  const shownOf = async (garden: GardenHarness) => {
    const status = (await garden.ask('status', { sensor: 1 })) as { agents: { ui: { state: unknown } }[] };
    return status.agents.map(({ ui }) => ui.state);
  };

  it('is parked: neutral, with its byte in the vector, and drawn as disabled', async () => {
    const { garden } = await without();
    garden.types.delete('Commanded');
    await garden.runtime.agentTypesChanged('Commanded');
    await garden.settle();
    assert.deepEqual(garden.bytes(1), [0, 0]);
    assert.deepEqual(await shownOf(garden), ['Disabled', 'Disabled']);
    assert.equal(garden.run.runner.runningJobs, 0);
    assert.equal((await garden.attempt('getConfig', { sensor: 1, domain: '01_C' })).status, 400);
    assert.equal(
      (await garden.attempt('command', { sensor: 1, domain: '01_C', body: { payload: 9 } })).status,
      200,
    );
    assert.deepEqual(garden.bytes(1), [0, 0]);
  });

  it('is parked from a restart on, with its byte in the vector', async () => {
    const { garden, agent } = await without();
    garden.types.delete('Commanded');
    agent.asked.length = 0;
    await garden.crash();
    assert.equal(garden.bytes(1)?.length, 2);
    assert.deepEqual(agent.events, []);
    assert.deepEqual(
      (await garden.jobs()).map(({ status }) => status),
      ['ended'],
    );
  });

  it('starts again with its state and settings when the type comes back', async () => {
    const { garden, agent } = await without();
    agent.answer = () => ({ state: { kept: true } });
    await garden.receive(1, { moisture: 1 });
    garden.types.delete('Commanded');
    await garden.crash();
    const back = new FakeAgent('Commanded');
    garden.types.put(back);
    await garden.runtime.agentTypesChanged('Commanded');
    assert.deepEqual(back.events, ['started', 'started']);
    assert.deepEqual(back.asked[0]?.view.state, { kept: true });
    assert.equal(garden.agent(1, '01_C').parked, null);
  });
});

describe('A new version of an agent type', () => {
  const second = (parts: Partial<FakeAgent> = {}) =>
    new FakeAgent('Commanded', { version: '2.0.0', ...parts });

  it('takes the state over, whether the old one was still there or not (protocol §9)', async () => {
    for (const isRemovedFirst of [false, true]) {
      const { garden } = await running();
      if (isRemovedFirst) {
        garden.types.delete('Commanded');
        await garden.runtime.agentTypesChanged('Commanded');
      }
      const next = second({ migrate: (state, from) => ({ from, state }) });
      garden.types.put(next);
      await garden.runtime.agentTypesChanged('Commanded');
      const { version, state } = garden.agent(1, '01_C');
      assert.deepEqual([version, state], ['2.0.0', { from: '1.0.0', state: {} }]);
      assert.ok(next.events.includes('started'));
    }
  });

  it('lets the running job end as promised (protocol §9 FIX)', async () => {
    const { garden } = await running();
    garden.types.put(second());
    await garden.runtime.agentTypesChanged('Commanded');
    await garden.pass(59_999);
    assert.deepEqual(garden.bytes(1), [1]);
    await garden.pass(1);
    assert.deepEqual(garden.bytes(1), [0]);
  });

  it('decides nothing on a state that it cannot take over', async () => {
    const { garden } = await running();
    const next = second({
      migrate: () => {
        throw new Error('too old');
      },
    });
    garden.types.put(next);
    await garden.crash();
    await garden.receive(1, { moisture: 1 });
    assert.deepEqual(next.events, []);
    assert.match(garden.agent(1, '01_C').parked ?? '', /too old/);
  });

  it('sees the new state in every event that came while it was being taken over', async () => {
    const { garden } = await running();
    let done: (state: { taken: boolean }) => void = () => undefined;
    const next = second({
      migrate: () =>
        new Promise((resolve) => {
          done = resolve;
        }),
    });
    garden.types.put(next);
    const adopting = garden.runtime.agentTypesChanged('Commanded');
    await garden.receive(1, { moisture: 1 });
    assert.deepEqual(next.events, []);
    done({ taken: true });
    await adopting;
    await garden.settle();
    assert.deepEqual([...next.events].sort(), ['reading', 'started']);
    for (const { view } of next.asked) assert.deepEqual(view.state, { taken: true });
  });

  it('does not get an agent whose state it cannot take over: that keeps the old one, and says so', async () => {
    const { garden, agent } = await running();
    await garden.addAgent(1, '02_C', 'Commanded');
    garden.agent(1, '02_C').state = { fits: true };
    const next = second({
      migrate: (state) => {
        if (!Object.hasOwn(Object(state), 'fits')) throw new Error('too old');
        return state;
      },
    });
    garden.types.put(next);
    await garden.runtime.agentTypesChanged('Commanded');
    const [first, other] = [garden.agent(1, '01_C'), garden.agent(1, '02_C')];
    assert.match(first.behind ?? '', /state of version 1\.0\.0 does not fit version 2\.0\.0: too old/);
    assert.deepEqual(
      [first.version, first.parked, other.version, other.behind],
      ['1.0.0', null, '2.0.0', undefined],
    );
    assert.ok(garden.logged.some((line) => /warn .*01_C: .*too old/.test(line)));
    agent.asked.length = 0;
    next.asked.length = 0;
    await garden.receive(1, { moisture: 1 });
    assert.deepEqual([agent.events, next.events], [['reading'], ['reading']]);
    assert.equal(agent.isStopped, false);
    await garden.removeAgent(1, '01_C', 'Commanded');
    assert.equal(agent.isStopped, true);
  });

  it('is taken by an agent that had stayed behind, where it knows its state again', async () => {
    const { garden, agent } = await running();
    const refuses = () => {
      throw new Error('too old');
    };
    garden.types.put(second({ migrate: refuses }));
    await garden.runtime.agentTypesChanged('Commanded');
    garden.types.put(second({ version: '3.0.0' }));
    await garden.runtime.agentTypesChanged('Commanded');
    const { version, behind } = garden.agent(1, '01_C');
    assert.deepEqual([version, behind, agent.isStopped], ['3.0.0', undefined, true]);
  });

  it('is left again with the state that it had changed on its way (a rollback)', async () => {
    const { garden, agent } = await running();
    agent.answer = () => ({ state: { count: 5 } });
    await garden.receive(1, { moisture: 1 });
    garden.types.put(second({ migrate: () => ({ entirely: 'else' }) }));
    await garden.runtime.agentTypesChanged('Commanded');
    assert.deepEqual(garden.agent(1, '01_C').state, { entirely: 'else' });
    const back = commanded('Commanded');
    garden.types.put(back);
    await garden.runtime.agentTypesChanged('Commanded');
    const { state, version } = garden.agent(1, '01_C');
    assert.deepEqual([state, version], [{ count: 5 }, '1.0.0']);
  });

  it('decides from the next event on, and each decision names its version', async () => {
    const { garden } = await running();
    garden.types.put(second({ answer: () => ({ hold: 3 }) }));
    await garden.runtime.agentTypesChanged('Commanded');
    await garden.receive(1, { moisture: 1 });
    const versions = garden.told
      .filter(({ wire }) => wire === 'event/decision')
      .map(({ payload }) => (payload as { version: string }).version);
    assert.deepEqual([versions[0], versions.at(-1)], ['1.0.0', '2.0.0']);
  });

  it('is given to every agent of the type, on every sensor (protocol §9 FIX)', async () => {
    const { garden } = await running();
    await garden.addSensor('Moss');
    await garden.addAgent(2, '01_C', 'Commanded');
    await garden.addAgent(1, '02_C', 'Commanded');
    await garden.addAgent(1, '00_C', 'Commanded');
    garden.types.put(second());
    await garden.runtime.agentTypesChanged('Commanded');
    const agents = [1, 2].flatMap((sensor) => garden.twin(sensor).agents);
    assert.deepEqual(
      agents.map(({ version }) => version),
      ['2.0.0', '2.0.0', '2.0.0', '2.0.0'],
    );
  });
});

describe('A version that was condemned', () => {
  it('has its jobs ended and its actuators neutral at once, and decides nothing more', async () => {
    const { garden, agent } = await running();
    await garden.addAgent(1, '02_C', 'Commanded');
    await garden.force(1, '02_C', -9);
    await garden.settle();
    assert.deepEqual(garden.bytes(1), [1, 9]);
    Object.assign(agent, { condemned: 'failed three times' });
    await garden.runtime.agentTypesChanged('Commanded');
    await garden.settle();
    assert.deepEqual(garden.bytes(1), [0, 0]);
    assert.equal(garden.run.runner.runningJobs, 0);
    agent.asked.length = 0;
    await garden.force(1, '01_C', 60);
    assert.deepEqual([agent.asked, garden.bytes(1)], [[], [0, 0]]);
    const back = commanded('Commanded', { version: '0.9.0' });
    garden.types.put(back);
    await garden.runtime.agentTypesChanged('Commanded');
    await garden.force(1, '01_C', 60);
    await garden.settle();
    assert.deepEqual(garden.bytes(1), [1, 0]);
  });

  it('leaves its agents parked, with its reason, where there is nothing to go back to', async () => {
    const { garden, agent } = await running();
    Object.assign(agent, { condemned: 'failed three times' });
    garden.types.delete('Commanded');
    await garden.runtime.agentTypesChanged('Commanded');
    await garden.settle();
    assert.equal(garden.agent(1, '01_C').parked, 'failed three times');
    assert.deepEqual(garden.bytes(1), [0]);
  });

  it('has no say in an answer that comes late', async () => {
    const { garden, agent } = await running();
    let answer: (decision: object) => void = () => undefined;
    agent.answer = () => new Promise((resolve) => (answer = resolve));
    void garden.receive(1, { moisture: 1 });
    await garden.settle();
    Object.assign(agent, { condemned: 'failed three times' });
    await garden.runtime.agentTypesChanged('Commanded');
    answer({ hold: 9 });
    await garden.settle();
    assert.deepEqual(garden.bytes(1), [0]);
  });
});
