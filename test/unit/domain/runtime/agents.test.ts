import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { commanded, FakeAgent } from '../../../support/fake-agent.ts';
import { GardenHarness } from '../../../support/garden-harness.ts';

async function oneSensor(): Promise<GardenHarness> {
  const garden = await GardenHarness.start();
  await garden.addSensor();
  return garden;
}

const register = (garden: GardenHarness, domain: string, agent_name = 'ThresholdAgent') =>
  garden.attempt('registerAgent', { sensor: 1, body: { domain, agent_name } });

describe('Registering an agent', () => {
  it('answers with what was asked for, and publishes the longer vector (protocol §5.3 FIX)', async () => {
    const garden = await oneSensor();
    const answer = await register(garden, '02_W');
    assert.deepEqual(answer, { status: 200, body: { domain: '02_W', agent_name: 'ThresholdAgent' } });
    await garden.addAgent(1, '01_F', 'PercentAgent');
    assert.deepEqual(garden.vectors(1), [[0], [50, 0]]);
  });

  it('refuses an unknown agent type (protocol §3)', async () => {
    const garden = await oneSensor();
    assert.deepEqual(await register(garden, '01_W', 'None'), {
      status: 400,
      body: 'RIPE_AGENT_TYPE_UNKNOWN',
    });
  });

  it('refuses an occupied domain with 400 (protocol §3 FIX)', async () => {
    const garden = await oneSensor();
    await garden.addAgent(1, '01_W');
    assert.deepEqual(await register(garden, '01_W', 'PercentAgent'), {
      status: 400,
      body: 'RIPE_AGENT_EXISTS',
    });
    assert.equal(garden.agent(1, '01_W').agentName, 'ThresholdAgent');
  });

  it('lets one of two through that ask for a domain at once', async () => {
    const garden = await oneSensor();
    const answers = await Promise.all([register(garden, '01_W'), register(garden, '01_W', 'PercentAgent')]);
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 400]);
    const { agentName } = garden.agent(1, '01_W');
    await garden.crash();
    assert.equal(garden.agent(1, '01_W').agentName, agentName);
  });

  it('takes 64 agents and no more', async () => {
    const garden = await oneSensor();
    for (let n = 0; n < 64; n++) await garden.addAgent(1, `domain ${n}`);
    assert.deepEqual(await register(garden, 'one more'), { status: 400, body: 'RIPE_AGENT_LIMIT' });
    assert.equal(garden.bytes(1)?.length, 64);
  });

  it('leaves nothing behind when the store does not take it', async () => {
    const garden = await oneSensor();
    garden.store.isFailing = true;
    assert.deepEqual(await register(garden, '01_W'), { status: 503, body: 'RIPE_STORE_FAILED' });
    garden.store.isFailing = false;
    assert.deepEqual(garden.vectors(1), []);
    assert.equal((await register(garden, '01_W')).status, 200);
  });

  for (const others of [0, 1])
    it(`leaves nothing behind either where the store does not take its first decision, beside ${others} others`, async () => {
      const garden = await oneSensor();
      for (let n = 0; n < others; n++) await garden.addAgent(1, '02_W');
      const { store } = garden;
      const commit = store.commit.bind(store);
      store.commit = async () => {
        await commit();
        // Its row is the first.
        store.isFailing = true;
      };
      assert.deepEqual(await register(garden, '01_F', 'PercentAgent'), {
        status: 503,
        body: 'RIPE_STORE_FAILED',
      });
      store.commit = commit;
      store.isFailing = false;
      await garden.pass(1_000);
      assert.equal(garden.twin(1).agents.length, others);
      assert.equal(garden.bytes(1)?.length, others === 0 ? undefined : others);
      await garden.crash();
      assert.equal(garden.twin(1).agents.length, others);
      assert.equal((await register(garden, '01_F', 'PercentAgent')).status, 200);
      assert.equal(garden.bytes(1)?.length, others + 1);
    });

  it('outlives a crash from its answer on', async () => {
    const garden = await oneSensor();
    await garden.addAgent(1, '01_F', 'PercentAgent');
    await garden.force(1, '01_F', 730);
    await garden.crash();
    assert.deepEqual(garden.bytes(1), [73]);
  });
});

describe('Removing an agent', () => {
  it('switches it off in the vector that it still has a byte in, then sends the shorter one (protocol §3 FIX)', async () => {
    const garden = await oneSensor();
    await garden.addAgent(1, '01_W');
    await garden.addAgent(1, '02_F', 'PercentAgent');
    await garden.force(1, '01_W', 60);
    await garden.removeAgent(1, '01_W');
    assert.deepEqual(garden.vectors(1).slice(-3), [[1, 50], [0, 50], [50]]);
    assert.deepEqual(
      (await garden.jobs()).map(({ status, reason }) => [status, reason]),
      [['ended', 'removed']],
    );
  });

  it('deletes the retained vector with the last agent', async () => {
    const garden = await oneSensor();
    await garden.addAgent(1, '01_W');
    await garden.force(1, '01_W', 60);
    await garden.removeAgent(1, '01_W');
    assert.deepEqual(garden.vectors(1).slice(-2), [[0], []]);
  });

  it('asks for domain and name (protocol §3)', async () => {
    const garden = await oneSensor();
    await garden.addAgent(1, '01_W');
    for (const body of [
      { domain: '01_W', agent_name: 'PercentAgent' },
      { domain: '01_w', agent_name: 'ThresholdAgent' },
    ]) {
      const answer = await garden.attempt('deleteAgent', { sensor: 1, body });
      assert.deepEqual(answer, { status: 400, body: 'RIPE_AUTH_SENSOR' });
    }
    assert.equal(garden.twin(1).agents.length, 1);
  });

  it('keeps off its decisions that are still to come', async () => {
    const garden = await oneSensor();
    let decide: (decision: { hold: number }) => void = () => undefined;
    const slow = new FakeAgent('Slow', {
      answer: () =>
        new Promise((resolve) => {
          decide = resolve;
        }),
    });
    garden.types.put(slow);
    const registering = register(garden, '01_S', 'Slow');
    await garden.settle();
    decide({ hold: 5 });
    await registering;
    await garden.receive(1, { moisture: 1 });
    await garden.removeAgent(1, '01_S', 'Slow');
    decide({ hold: 9 });
    await garden.pass(1_000);
    assert.deepEqual(garden.vectors(1).at(-1), []);
    await garden.addAgent(1, '02_W');
    assert.deepEqual(garden.bytes(1), [0]);
  });

  it('is no drop on the wire: the job that it had is told by the job-runner only', async () => {
    const garden = await oneSensor();
    garden.types.put(commanded());
    await garden.addAgent(1, '01_C', 'Commanded');
    await garden.addAgent(1, '02_W');
    await garden.disconnect();
    const forced = garden.runtime.request({ ...command('01_C', 60) });
    await garden.run.settle(1);
    await forced;
    await garden.removeAgent(1, '01_C', 'Commanded');
    await garden.pass(6_000);
    assert.deepEqual(
      (await garden.jobs()).map(({ status, reason }) => [status, reason]),
      [['ending', 'removed']],
    );
    await garden.connect();
    assert.deepEqual(
      (await garden.jobs()).map(({ status, reason }) => [status, reason]),
      [['ended', 'removed']],
    );
  });
});

const command = (domain: string, payload: number) => ({
  operation: 'command',
  sensor: 1,
  domain,
  body: { payload },
  timeZone: 'UTC',
  locale: 'en' as const,
  host: 'localhost',
  client: 'other' as const,
});

describe('Settings', () => {
  it('are on disk before they are acknowledged, and the agent is told', async () => {
    const garden = await oneSensor();
    await garden.addAgent(1, '01_W');
    const config = (await garden.ask('getConfig', { sensor: 1, domain: '01_W' })) as Record<
      string,
      [string, object]
    >;
    const form = Object.fromEntries(Object.entries(config).map(([key, [, value]]) => [key, value]));
    const body = { ...form, '02_min_threshold': { IntSlider: [0, 100, 40] } };
    assert.equal(await garden.ask('setConfig', { sensor: 1, domain: '01_W', body }), null);
    await garden.crash();
    await garden.receive(1, { moisture: 39 });
    assert.deepEqual(garden.bytes(1), [1]);
  });

  it('change nothing where one of them is refused (protocol §3, set config)', async () => {
    const garden = await oneSensor();
    await garden.addAgent(1, '01_W');
    const before = garden.agent(1, '01_W').settings;
    const body = { '01_active': { Switch: false } };
    const answer = await garden.attempt('setConfig', { sensor: 1, domain: '01_W', body });
    assert.deepEqual(answer, { status: 400, body: 'RIPE_FIELD_INVALID' });
    assert.equal(garden.agent(1, '01_W').settings, before);
  });
});
