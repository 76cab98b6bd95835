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
});
