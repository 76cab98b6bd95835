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
    assert.deepEqual(states, ['0 sent', '7 expired', '0 sent']);
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
