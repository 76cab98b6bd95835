import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { commanded, FakeAgent } from '../../../support/fake-agent.ts';
import { GardenHarness } from '../../../support/garden-harness.ts';

const FAILED = { status: 503, body: 'RIPE_STORE_FAILED' };

async function withAgent(agent: FakeAgent = commanded()) {
  const garden = await GardenHarness.start({ hasShipped: false });
  garden.types.put(agent);
  await garden.addSensor();
  await garden.addAgent(1, '01_C', agent.name);
  const force = (payload: number) =>
    garden.attempt('command', { sensor: 1, domain: '01_C', body: { payload } });
  return { garden, agent, force };
}

const statuses = async (garden: GardenHarness) =>
  (await garden.jobs()).map(({ status, outcome }) => `${status} ${outcome}`).sort();

describe('A store that does not take a change', () => {
  it('keeps a job from starting; the caller and the agent are told', async () => {
    const { garden, agent, force } = await withAgent();
    garden.store.isFailing = true;
    assert.deepEqual(await force(60), FAILED);
    await garden.pass(60_000);
    assert.deepEqual(garden.vectors(1), [[0]]);
    assert.equal(garden.agent(1, '01_C').job, null);
    assert.equal(agent.events.at(-1), 'jobEnded');
    garden.store.isFailing = false;
    assert.deepEqual(await statuses(garden), ['ended refused']);
  });

  it('leaves the actuator neutral when a job was to replace a running one', async () => {
    const { garden, force } = await withAgent();
    await force(60);
    garden.store.isFailing = true;
    assert.deepEqual(await force(120), FAILED);
    assert.deepEqual(garden.bytes(1), [0]);
    assert.equal(garden.agent(1, '01_C').value, 0);
    assert.equal(garden.run.runner.runningJobs, 0);
    garden.store.isFailing = false;
    await garden.pass(5_000);
    assert.deepEqual(await statuses(garden), ['ended cancelled', 'ended refused']);
  });

  it('does not keep a running job from being cancelled: neutral goes out at once', async () => {
    const { garden, force } = await withAgent();
    await force(60);
    garden.store.isFailing = true;
    assert.deepEqual(await force(0), FAILED);
    assert.deepEqual(garden.bytes(1), [0]);
  });

  it('does not keep water running when it does not answer at all', async () => {
    const { garden, force } = await withAgent();
    await force(60);
    garden.store.isHanging = true;
    void force(0);
    await garden.settle();
    assert.deepEqual(garden.bytes(1), [0]);
  });

  it('does not keep a job from ending at its time', async () => {
    const { garden, force } = await withAgent();
    await force(60);
    garden.store.isFailing = true;
    await garden.pass(60_000);
    assert.deepEqual(garden.bytes(1), [0]);
  });

  it('brings back the value that was held before', async () => {
    const { garden, force } = await withAgent();
    await force(-5);
    garden.store.isFailing = true;
    assert.deepEqual(await force(-9), FAILED);
    assert.equal(garden.agent(1, '01_C').value, 5);
    assert.deepEqual(garden.bytes(1), [5]);
  });

  it('brings back neutral, not what a job had on, where a value was to be held in its place', async () => {
    const { garden, force } = await withAgent();
    await force(60);
    garden.store.isFailing = true;
    assert.deepEqual(await force(-9), FAILED);
    await garden.settle();
    assert.equal(garden.agent(1, '01_C').value, 0);
    assert.deepEqual(garden.bytes(1), [0]);
  });

  it('leaves a running job alone when a decision only changed its state', async () => {
    const { garden, agent, force } = await withAgent();
    await force(60);
    garden.store.isFailing = true;
    agent.answer = () => ({ state: { read: true } });
    await garden.receive(1, { moisture: 5 });
    await garden.pass(59_999);
    assert.deepEqual(garden.bytes(1), [1]);
  });
});

describe('What the store has refused', () => {
  /** A fan at 30 %, a pump, and a store that takes nothing. */
  async function full(): Promise<GardenHarness> {
    const garden = await GardenHarness.start();
    await garden.addSensor();
    await garden.addAgent(1, '01_W');
    await garden.addAgent(1, '02_F', 'PercentAgent');
    await garden.force(1, '02_F', 300);
    garden.store.isFailing = true;
    return garden;
  }

  const force = (garden: GardenHarness, domain: string, payload: number) =>
    garden.attempt('command', { sensor: 1, domain, body: { payload } });

  /** There is room again; then the process is killed. */
  async function restart(garden: GardenHarness): Promise<void> {
    garden.store.isFailing = false;
    await garden.pass(1_000);
    await garden.crash();
  }

  it('as a value to be held is not there later either', async () => {
    const garden = await full();
    const answers = await Promise.all([force(garden, '02_F', 800), force(garden, '02_F', 900)]);
    assert.deepEqual(answers, [FAILED, FAILED]);
    assert.deepEqual(garden.agent(1, '02_F').state, { value: 30 });
    assert.deepEqual(garden.bytes(1), [0, 30]);
    await restart(garden);
    assert.deepEqual(garden.agent(1, '02_F').state, { value: 30 });
    assert.deepEqual(garden.bytes(1), [0, 30]);
  });

  it('as a run never begins', async () => {
    const garden = await full();
    assert.deepEqual(await force(garden, '01_W', 60), FAILED);
    await restart(garden);
    await garden.pass(60_000);
    assert.ok(garden.vectors(1).every(([pump]) => pump === 0));
  });

  it('as settings and limits is not there later either', async () => {
    const garden = await full();
    const { settings, guard } = structuredClone(garden.agent(1, '01_W'));
    const body = { settings: { minThreshold: 55 }, limits: { longestRunMs: 30_000 } };
    assert.deepEqual(await garden.attempt('patchSettings', { sensor: 1, domain: '01_W', body }), FAILED);
    assert.deepEqual(garden.agent(1, '01_W').settings, settings);
    await restart(garden);
    assert.deepEqual(garden.agent(1, '01_W').settings, settings);
    assert.deepEqual(garden.agent(1, '01_W').guard.limits ?? {}, guard.limits ?? {});
  });

  it('as an order to stop is carried out all the same, and a value before it does not come back', async () => {
    const garden = await full();
    const answers = await Promise.all([force(garden, '02_F', 800), force(garden, '02_F', 0)]);
    assert.deepEqual(answers, [FAILED, FAILED]);
    assert.deepEqual(garden.bytes(1), [0, 0]);
    assert.deepEqual(await force(garden, '02_F', 500), FAILED);
    assert.deepEqual(garden.bytes(1), [0, 0]);
    await restart(garden);
    assert.deepEqual(garden.bytes(1), [0, 0]);
  });
});

describe('A store that does not answer', () => {
  it('keeps nobody from stopping what runs, also not behind an order that waits for it', async () => {
    const garden = await GardenHarness.start();
    await garden.addSensor();
    await garden.addAgent(1, '01_W');
    await garden.force(1, '01_W', 60);
    garden.store.isHanging = true;
    for (const payload of [120, 0])
      void garden.attempt('command', { sensor: 1, domain: '01_W', body: { payload } });
    await garden.settle();
    assert.deepEqual(garden.bytes(1), [0]);
    await garden.pass(200_000);
    assert.deepEqual(garden.bytes(1), [0]);
  });
});

describe('A run that is cancelled over REST by its id', () => {
  async function running() {
    const { garden, force } = await withAgent();
    await force(60);
    const { id: job } = garden.agent(1, '01_C').job as { id: string };
    return { garden, cancel: () => garden.attempt('cancelJob', { sensor: 1, job }) };
  }

  it('goes neutral at once while the disk hangs', async () => {
    const { garden, cancel } = await running();
    garden.store.isHanging = true;
    const answer = cancel();
    await garden.settle();
    assert.deepEqual(garden.bytes(1), [0]);
    garden.store.isHanging = false;
    assert.deepEqual(await answer.then(({ body }) => (body as { state: string }).state), 'ended');
  });

  it('goes neutral also where the disk is full', async () => {
    const { garden, cancel } = await running();
    garden.store.isFailing = true;
    assert.deepEqual(await cancel(), FAILED);
    assert.deepEqual(garden.bytes(1), [0]);
  });
});

describe('The health of a garden', () => {
  it('names the state of its database, sensors and agent types (protocol §3)', async () => {
    const { garden } = await withAgent();
    assert.deepEqual(await garden.ask('health'), {
      healthy: true,
      database_state: 'HEALTHY',
      sensor_count: 1,
      active_agents: ['Commanded'],
    });
    garden.store.isFailing = true;
    const { status, body } = await garden.runtime.request({
      operation: 'health',
      timeZone: 'UTC',
      locale: 'en',
      host: '',
      client: 'other',
    });
    assert.equal(status, 500);
    assert.equal((body as { database_state: string }).database_state, 'TIMEOUT');
  });
});

describe('An agent type that fails', () => {
  it('is logged once per event, keeps its state, and is asked again', async () => {
    const { garden, agent, force } = await withAgent();
    agent.answer = () => {
      throw new Error('broken');
    };
    assert.equal((await force(1)).status, 200);
    assert.deepEqual(garden.agent(1, '01_C').because, { code: 'failed', params: { reason: 'broken' } });
    assert.equal(garden.logged.filter((line) => line.includes('broken')).length, 1);
    agent.answer = () => ({ hold: 4 });
    await force(1);
    assert.deepEqual(garden.bytes(1), [4]);
  });

  for (const isSlow of [false, true]) {
    it(`plans what is no plan, ${isSlow ? 'later' : 'at once'}: nothing runs, nobody is blamed for it`, async () => {
      const { garden, agent, force } = await withAgent();
      const decision = { job: { steps: [{ wait: 5 }] } };
      agent.answer = () => (isSlow ? Promise.resolve(decision) : decision);
      assert.deepEqual(await force(1), { status: 200, body: null });
      assert.equal(garden.agent(1, '01_C').because?.code, 'failed');
      assert.deepEqual(await garden.jobs(), []);
    });
  }

  it('cannot draw itself: the sensor can still be read (protocol §2.1, trap 3)', async () => {
    const { garden, agent } = await withAgent();
    agent.render = () => {
      throw new Error('broken');
    };
    const { agents } = (await garden.ask('status', { sensor: 1 })) as { agents: { ui: unknown }[] };
    assert.deepEqual(agents[0]?.ui, { decorator: { Text: null }, state: 'Error', rendered: 'broken' });
  });
});

describe('An agent type that takes its time', () => {
  it('is asked about one event after the other, in order', async () => {
    const answers: (() => void)[] = [];
    const slow = new FakeAgent('Slow');
    const { garden, agent } = await withAgent(slow);
    agent.answer = (event) =>
      new Promise((resolve) => {
        answers.push(() => resolve({ hold: event.type === 'forced' ? event.payload : 0 }));
      });
    const forced = [1, 2, 3].map((payload) =>
      garden.attempt('command', { sensor: 1, domain: '01_C', body: { payload } }),
    );
    await garden.settle();
    assert.equal(answers.length, 1);
    for (let n = 0; n < 3; n++) {
      answers[n]?.();
      await garden.settle();
      assert.deepEqual(garden.bytes(1), [n + 1]);
    }
    await Promise.all(forced);
    assert.deepEqual(slow.events.slice(1), ['forced', 'forced', 'forced']);
  });

  it('does not hold up the other agents of its sensor', async () => {
    const { garden, agent } = await withAgent();
    garden.types.put(commanded('Quick'));
    await garden.addAgent(1, '02_Q', 'Quick');
    agent.answer = () => new Promise(() => undefined);
    await garden.receive(1, { moisture: 1 });
    await garden.force(1, '02_Q', 60);
    assert.deepEqual(garden.bytes(1), [0, 1]);
  });
});
