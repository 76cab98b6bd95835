import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { GardenHarness } from '../../../support/garden-harness.ts';

interface Job {
  id: string;
  domain: string;
  state: string;
  plan: { steps: object[]; supply?: string; rule?: string };
  because: { code: string } | null;
  cut: { limit: string; asked_ms: number; granted_ms: number } | null;
  ends_at: string;
  started_at: string | null;
  outcome: string | null;
  reason: string | null;
}

const WATER = '01_Water';
const EVER = { range: { from: 0, until: Number.MAX_SAFE_INTEGER }, page: { limit: 9, after: null } };

async function gardenWith(agentName = 'ThresholdAgent', options = {}): Promise<GardenHarness> {
  const garden = await GardenHarness.start(options);
  await garden.addSensor();
  await garden.addAgent(1, WATER, agentName);
  return garden;
}

const open = async (garden: GardenHarness) => (await garden.ask('listJobs', { sensor: 1 })) as Job[];
const ended = async (garden: GardenHarness) =>
  (await garden.ask('listJobs', { sensor: 1, ...EVER })) as Job[];
const order = async (garden: GardenHarness, run: object) =>
  (await garden.ask('startJob', { sensor: 1, body: { domain: WATER, ...run } })) as Job;
const value = (garden: GardenHarness) => garden.bytes(1)?.[0];

describe('a run that a person orders', () => {
  it('goes on for its time, is listed with its end, and then in its range', async () => {
    const garden = await gardenWith();
    const asked = await order(garden, { duration_ms: 20_000 });
    assert.deepEqual([asked.domain, asked.because?.code, asked.cut], [WATER, 'ordered', null]);
    assert.equal(value(garden), 1);
    const [running, ...more] = await open(garden);
    assert.deepEqual([running?.id, running?.state, more], [asked.id, 'running', []]);
    assert.equal(Date.parse(running?.ends_at ?? '') - garden.clock.now(), 20_000);
    await garden.pass(20_000);
    assert.equal(value(garden), 0);
    assert.deepEqual(await open(garden), []);
    const [over] = await ended(garden);
    assert.deepEqual([over?.id, over?.state, over?.outcome], [asked.id, 'ended', 'finished']);
  });

  it('may cycle and soak, on its supply and by its rule', async () => {
    const garden = await gardenWith();
    const steps = [{ set: 1 }, { wait: 10_000 }, { set: 0 }, { wait: 30_000 }, { set: 1 }, { wait: 10_000 }];
    const { plan } = await order(garden, { steps, supply: 'pump', rule: 'close' });
    assert.deepEqual(plan, { steps: [...steps, { set: 0 }], supply: 'pump', rule: 'close' });
    const seen = [value(garden)];
    for (const ms of [10_000, 30_000, 10_000]) {
      await garden.pass(ms);
      seen.push(value(garden));
    }
    assert.deepEqual(seen, [1, 0, 1, 0]);
  });

  it('is cut by the longest run, and says so', async () => {
    const garden = await gardenWith();
    const { cut, ends_at, id } = await order(garden, { duration_ms: 7_200_000 });
    assert.deepEqual(cut, { limit: 'longestRunMs', asked_ms: 7_200_000, granted_ms: 3_600_000 });
    assert.equal(Date.parse(ends_at) - garden.clock.now(), 3_600_000);
    const [running] = await open(garden);
    assert.deepEqual([running?.id, running?.cut, running?.ends_at], [id, cut, ends_at]);
    await garden.pass(3_600_000);
    assert.equal(value(garden), 0);
  });

  it('is not disturbed by what the agent thinks', async () => {
    const garden = await gardenWith();
    const { id } = await order(garden, { duration_ms: 60_000 });
    for (const moisture of [5, 60, 5]) await garden.receive(1, { moisture });
    assert.deepEqual(
      (await open(garden)).map((job) => job.id),
      [id],
    );
    await garden.pass(59_999);
    assert.equal(value(garden), 1);
    await garden.pass(1);
    assert.equal(value(garden), 0);
  });

  it('yields to a command, and to the next run', async () => {
    const garden = await gardenWith();
    await order(garden, { duration_ms: 60_000 });
    await garden.force(1, WATER, 0);
    assert.equal(value(garden), 0);
    await order(garden, { duration_ms: 60_000 });
    const { id } = await order(garden, { duration_ms: 10_000 });
    assert.deepEqual(
      (await open(garden)).map((job) => job.id),
      [id],
    );
    await garden.pass(10_000);
    assert.equal(value(garden), 0);
    assert.deepEqual(
      (await ended(garden)).map(({ outcome }) => outcome),
      ['finished', 'cancelled', 'cancelled'],
    );
  });

  it('gives a daily window back that is still open', async () => {
    const garden = await gardenWith('TimeAgent');
    // The clock of the harness begins at noon.
    const settings = { start: { ms: 39_600_000, zone: 'UTC' }, durationMs: 7_200_000 };
    await garden.ask('patchSettings', { sensor: 1, domain: WATER, body: { settings } });
    assert.equal(value(garden), 1, 'within the window');
    await order(garden, { duration_ms: 10_000 });
    await garden.pass(10_000);
    assert.equal(value(garden), 1, 'and within it still');
    const [again] = await open(garden);
    assert.notEqual(again?.because?.code, 'ordered');
  });

  it('takes the place of a held value, and gives it back', async () => {
    const garden = await gardenWith('PercentAgent');
    await garden.force(1, WATER, 300);
    await order(garden, { duration_ms: 5_000, value: 80 });
    assert.equal(value(garden), 80);
    await garden.pass(5_000);
    assert.equal(value(garden), 30);
  });

  it("ends at its announced end also after a crash, and is still a person's", async () => {
    const garden = await gardenWith();
    const { id } = await order(garden, { duration_ms: 60_000 });
    await garden.crash({ downMs: 10_000 });
    await garden.receive(1, { moisture: 5 });
    assert.deepEqual(
      (await open(garden)).map((job) => job.id),
      [id],
    );
    await garden.pass(50_000);
    assert.equal(value(garden), 0);
  });

  it('waits for its supply, and is listed as queued', async () => {
    const garden = await gardenWith();
    await garden.addAgent(1, '02_Water');
    await order(garden, { duration_ms: 60_000, supply: 'pump' });
    await garden.ask('startJob', {
      sensor: 1,
      body: { domain: '02_Water', duration_ms: 10_000, supply: 'pump' },
    });
    assert.deepEqual(
      (await open(garden)).map(({ state }) => state),
      ['running', 'queued'],
    );
    assert.deepEqual(supplyStates(await garden.ask('listSupplies')), [['pump', 1, ['has', 'waits']]]);
    await garden.pass(60_000);
    assert.deepEqual(garden.bytes(1), [0, 1]);
    await garden.pass(10_000);
    assert.deepEqual(await garden.ask('listSupplies'), []);
  });

  for (const [run, field] of [
    [{}, 'duration_ms'],
    [{ duration_ms: 1, steps: [{ set: 1 }] }, 'duration_ms'],
    [{ steps: [{ set: 1 }], value: 2 }, 'value'],
    [{ duration_ms: 1_000, value: 0 }, 'value'],
    [{ steps: [{ wait: 5 }] }, 'steps'],
  ] as const) {
    it(`is refused as ${JSON.stringify(run)}, naming ${field}`, async () => {
      const garden = await gardenWith();
      await assert.rejects(order(garden, run), (error: { params: { field: string } }) => {
        assert.equal(error.params.field, field);
        return true;
      });
      assert.deepEqual(await open(garden), []);
    });
  }

  it('needs an agent of that sensor', async () => {
    const garden = await gardenWith();
    const body = { domain: 'nobody', duration_ms: 1_000 };
    assert.deepEqual(await garden.attempt('startJob', { sensor: 1, body }), {
      status: 400,
      body: 'RIPE_AUTH_SENSOR',
    });
  });
});

describe('cancelling a job', () => {
  it('ends it at once, whoever started it, and answers it as it stands', async () => {
    const garden = await gardenWith();
    await garden.receive(1, { moisture: 5 });
    assert.equal(value(garden), 1);
    const [job] = await open(garden);
    const cancelled = (await garden.ask('cancelJob', { sensor: 1, job: job?.id ?? '' })) as Job;
    assert.equal(cancelled.state, 'ending');
    assert.equal(value(garden), 0);
    const [over] = await ended(garden);
    assert.deepEqual([over?.id, over?.outcome, over?.reason], [job?.id, 'cancelled', 'cancelled']);
    const again = (await garden.ask('cancelJob', { sensor: 1, job: job?.id ?? '' })) as Job;
    assert.deepEqual([again.state, again.outcome], ['ended', 'cancelled']);
  });

  it('is off also where the job-runner hears nothing of it', async () => {
    const garden = await gardenWith();
    const { id } = await order(garden, { duration_ms: 60_000 });
    garden.jobWire = (topic) => topic !== 'job/cancel';
    await garden.ask('cancelJob', { sensor: 1, job: id });
    assert.equal(value(garden), 0);
    await garden.crash();
    assert.equal(value(garden), 0);
  });

  it('knows only the jobs of the sensor', async () => {
    const garden = await gardenWith();
    await garden.addSensor();
    const { id } = await order(garden, { duration_ms: 60_000 });
    for (const [sensor, job] of [
      [2, id],
      [1, 'none'],
    ] as const) {
      assert.deepEqual(await garden.attempt('cancelJob', { sensor, job }), {
        status: 400,
        body: 'RIPE_JOB_UNKNOWN',
      });
    }
    assert.equal(value(garden), 1);
  });
});

function supplyStates(list: unknown): unknown[] {
  return (list as { name: string; capacity: number; jobs: { state: string }[] }[]).map(
    ({ name, capacity, jobs }) => [name, capacity, jobs.map(({ state }) => state)],
  );
}
