import assert from 'node:assert/strict';
import { createLocalHost } from '../../../../src/adapters/agents/local-host.ts';
import type { AgentType } from '../../../../src/agent.ts';
import type { RipeError } from '../../../../src/domain/errors.ts';
import type { ForceOrder, ForceOutcome } from '../../../../src/domain/job/force.ts';
import { GardenHarness } from '../../../support/garden-harness.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

interface Told {
  readonly outcomes: ForceOutcome[];
  readonly error: RipeError | null;
}

/** Gives an order; `outcomes` goes on growing while the run goes on. */
async function force(garden: GardenHarness, domain: string, order: ForceOrder, sensor = 1): Promise<Told> {
  const outcomes: ForceOutcome[] = [];
  const done = garden.runtime
    .force({ sensor, domain }, order, (outcome) => outcomes.push(outcome))
    .then(
      () => null,
      (error: RipeError) => error,
    );
  await garden.settle();
  return { outcomes, error: await done };
}

/** On from its start, and deaf to everybody. */
const STUBBORN: AgentType<null, object> = {
  name: 'StubbornAgent',
  version: '1.0.0',
  apiVersion: 1,
  settings: {},
  neutral: 0,
  explanations: { en: {}, de: {} },
  start: () => null,
  decide: ({ type }) =>
    type === 'started'
      ? { job: { steps: [{ set: 1 }, { wait: 10 * MINUTE }, { set: 0 }] }, because: { code: 'on' } }
      : { because: { code: 'deaf' } },
  render: () => ({ decorator: { Text: null }, state: 'Ready', rendered: '-' }),
};

const names = ({ outcomes }: Told) => outcomes.map(({ outcome }) => outcome);

async function open(...agents: [string, string][]): Promise<GardenHarness> {
  const garden = await GardenHarness.start();
  await garden.addSensor('Bed 3');
  for (const [domain, type] of agents) await garden.addAgent(1, domain, type);
  return garden;
}

describe('forcing an actuator', () => {
  it('runs it for a time, and tells when it began, until when, and that it is over', async () => {
    const garden = await open(['01_Water', 'ThresholdAgent']);
    const now = garden.clock.now();
    const told = await force(garden, '01_Water', { action: 'run', runMs: 2 * MINUTE });
    assert.equal(told.error, null);
    const [started] = told.outcomes;
    assert.deepEqual(
      [started?.outcome, started?.name, started?.domain, started?.value, started?.endsAt],
      ['started', 'Bed 3', '01_Water', 1, now + 2 * MINUTE],
    );
    assert.deepEqual(garden.bytes(1), [1]);
    await garden.pass(2 * MINUTE);
    assert.deepEqual(names(told), ['started', 'finished']);
    assert.deepEqual(garden.bytes(1), [0]);
  });

  it('tells the end that hard limits leave, not the one that was asked for', async () => {
    const garden = await GardenHarness.start({ limits: { longestRunMs: MINUTE } });
    await garden.addSensor();
    await garden.addAgent(1, '01_Water');
    const now = garden.clock.now();
    const { outcomes } = await force(garden, '01_Water', { action: 'run', runMs: 10 * MINUTE });
    assert.equal(outcomes[0]?.endsAt, now + MINUTE);
  });

  it('stops a run at once, which both who started and who stopped it hear', async () => {
    const garden = await open(['01_Water', 'ThresholdAgent']);
    const run = await force(garden, '01_Water', { action: 'run', runMs: 10 * MINUTE });
    const stop = await force(garden, '01_Water', { action: 'stop' });
    assert.deepEqual(names(stop), ['stopped']);
    assert.deepEqual(names(run), ['started', 'cancelled']);
    assert.deepEqual(garden.bytes(1), [0]);
  });

  it('holds a percentage, and puts it back to neutral', async () => {
    const garden = await open(['02_Fan', 'PercentAgent']);
    const held = await force(garden, '02_Fan', { action: 'hold', value: 35 });
    assert.deepEqual([names(held), held.outcomes[0]?.value, garden.bytes(1)], [['held'], 35, [35]]);
    assert.equal(held.outcomes[0]?.reason, 'Set to 35 % by hand.');
    const again = await force(garden, '02_Fan', { action: 'hold', value: 35 });
    assert.deepEqual(names(again), ['held'], 'also where it holds that already');
    await force(garden, '02_Fan', { action: 'stop' });
    assert.deepEqual(garden.bytes(1), [0]);
  });

  it('stops what its clock has on, also after a run by hand', async () => {
    const garden = await open(['03_Light', 'TimeAgent']);
    const run = await force(garden, '03_Light', { action: 'run', runMs: 30 * MINUTE });
    assert.deepEqual(names(run), ['started']);
    const settings = { durationMs: 86_400_000 };
    await garden.ask('patchSettings', { sensor: 1, domain: '03_Light', body: { settings } });
    await garden.settle();
    assert.equal(garden.agent(1, '03_Light').value, 1);
    const told = await force(garden, '03_Light', { action: 'stop' });
    assert.deepEqual([names(told), garden.bytes(1)], [['stopped'], [0]]);
    await garden.pass(5 * MINUTE);
    assert.deepEqual(garden.bytes(1), [0]);
  });

  it('stops what its clock has on, also where a run by hand is in its place and the disk hangs', async () => {
    const garden = await open(['03_Light', 'TimeAgent']);
    const settings = { durationMs: 12 * HOUR };
    await garden.ask('patchSettings', { sensor: 1, domain: '03_Light', body: { settings } });
    // From ten to midnight until twenty past, while a window opens at midnight.
    await garden.pass(12 * HOUR - 10 * MINUTE);
    await force(garden, '03_Light', { action: 'run', runMs: 30 * MINUTE });
    await garden.pass(15 * MINUTE);
    assert.deepEqual(garden.bytes(1), [1]);
    garden.store.isHanging = true;
    void garden.runtime.force({ sensor: 1, domain: '03_Light' }, { action: 'stop' }, () => undefined);
    await garden.pass(5_000);
    assert.deepEqual(garden.bytes(1), [0]);
    garden.store.isHanging = false;
    await garden.settle();
    assert.deepEqual(garden.bytes(1), [0]);
  });

  it('ends by itself what an agent has on that knows no command', async () => {
    const garden = await GardenHarness.start();
    garden.types.put(createLocalHost(STUBBORN));
    await garden.addSensor();
    await garden.addAgent(1, '04_Stubborn', 'StubbornAgent');
    await garden.settle();
    assert.deepEqual(garden.bytes(1), [1]);
    const told = await force(garden, '04_Stubborn', { action: 'stop' });
    assert.deepEqual([names(told), garden.bytes(1)], [['stopped'], [0]]);
    assert.equal(garden.agent(1, '04_Stubborn').job, null);
  });

  it('says that a run waits for its pump, and when it has it', async () => {
    const garden = await open(['01_Water', 'ThresholdAgent'], ['02_Water', 'ThresholdAgent']);
    for (const domain of ['01_Water', '02_Water'])
      await garden.ask('patchSettings', { sensor: 1, domain, body: { settings: { supply: 'pump' } } });
    await force(garden, '01_Water', { action: 'run', runMs: MINUTE });
    const second = await force(garden, '02_Water', { action: 'run', runMs: MINUTE });
    assert.deepEqual(names(second), ['queued']);
    await garden.pass(MINUTE + 1_000);
    assert.deepEqual(names(second), ['queued', 'started']);
    await garden.pass(MINUTE + 1_000);
    assert.deepEqual(names(second), ['queued', 'started', 'finished']);
  });

  it('says so where a node on the wire has dropped the run', async () => {
    const garden = await open(['01_Water', 'ThresholdAgent']);
    garden.jobWire = (topic) => topic !== 'job/start';
    const outcomes: ForceOutcome[] = [];
    const order = { action: 'run', runMs: MINUTE } as const;
    const done = garden.runtime.force({ sensor: 1, domain: '01_Water' }, order, (told) =>
      outcomes.push(told),
    );
    const refused = assert.rejects(done, /did not do it: dropped on the wire/);
    await garden.pass(6_000);
    await refused;
    assert.deepEqual(outcomes, []);
  });

  for (const { why, domain, order, code, text } of [
    {
      why: 'hold',
      domain: '01_Water',
      order: { action: 'hold', value: 1 },
      code: 'RIPE_FORCE_UNFIT',
      text: /runs for a time/,
    },
    {
      why: 'run',
      domain: '02_Fan',
      order: { action: 'run', runMs: 5_000 },
      code: 'RIPE_FORCE_UNFIT',
      text: /holds a value/,
    },
    {
      why: 'hold so much',
      domain: '02_Fan',
      order: { action: 'hold', value: 101 },
      code: 'RIPE_FORCE_UNFIT',
      text: /0 to 100/,
    },
    {
      why: 'run so shortly',
      domain: '01_Water',
      order: { action: 'run', runMs: 1_000 },
      code: 'RIPE_FORCE_REFUSED',
      text: /1 s/,
    },
    {
      why: 'be found',
      domain: '09_None',
      order: { action: 'stop' },
      code: 'RIPE_AGENT_UNKNOWN',
      text: /09_None/,
    },
  ] as const) {
    it(`says by ${code} why ${domain} cannot ${why}`, async () => {
      const garden = await open(['01_Water', 'ThresholdAgent'], ['02_Fan', 'PercentAgent']);
      const { error, outcomes } = await force(garden, domain, order);
      assert.equal(error?.code, code);
      assert.match(error?.message ?? '', text);
      assert.deepEqual(outcomes, []);
    });
  }

  it('says that its agent is switched off', async () => {
    const garden = await open(['01_Water', 'ThresholdAgent']);
    await garden.ask('patchSettings', {
      sensor: 1,
      domain: '01_Water',
      body: { settings: { active: false } },
    });
    const { error } = await force(garden, '01_Water', { action: 'run', runMs: MINUTE });
    assert.match(error?.message ?? '', /01_Water did not do it: .+/);
    assert.deepEqual(garden.bytes(1), [0]);
  });

  it('tells every step of a job as an event, and its end once', async () => {
    const garden = await open(['01_Water', 'ThresholdAgent']);
    garden.told.length = 0;
    await force(garden, '01_Water', { action: 'run', runMs: MINUTE });
    await garden.pass(MINUTE + 10_000);
    const jobs = garden.told.filter(({ wire }) => wire === 'event/job').map(({ payload }) => payload);
    assert.deepEqual(
      (jobs as { event: string }[]).map(({ event }) => event),
      ['started', 'finished'],
    );
  });
});
