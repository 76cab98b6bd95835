import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Envelope } from '../../../../src/domain/command/envelope.ts';
import { GardenHarness } from '../../../support/garden-harness.ts';

const MINUTE = 60_000;

async function pumpAndFan(): Promise<GardenHarness> {
  const garden = await GardenHarness.start();
  await garden.addSensor();
  await garden.addAgent(1, '01_W');
  await garden.addAgent(1, '02_F', 'PercentAgent');
  await garden.force(1, '02_F', 0);
  garden.pool.posted.length = 0;
  garden.pool.log.length = 0;
  return garden;
}

const last = (garden: GardenHarness): Envelope => {
  const envelope = garden.envelopes(1).at(-1);
  assert.ok(envelope, 'there is an envelope');
  return envelope;
};

const told = ({ agents }: Envelope) => agents.map(({ value, remainingMs }) => [value, remainingMs]);

describe('An envelope', () => {
  it('says what each agent is to do, until when and why, beside the vector (architecture §6)', async () => {
    const garden = await pumpAndFan();
    const seen: unknown[] = [];
    garden.run.observer = { publishes: ({ payload: _, delivery: __, ...rest }) => seen.push(rest) };
    await garden.receive(1, { moisture: 5 });
    const now = garden.clock.now();
    const { sequence, id, ...envelope } = last(garden);
    assert.ok(id.startsWith(`${garden.epoch}-`));
    assert.ok(sequence > 0);
    assert.deepEqual(envelope, {
      version: 1,
      epoch: garden.epoch,
      at: now,
      agents: [
        {
          domain: '01_W',
          value: 1,
          neutral: 0,
          until: now + MINUTE,
          remainingMs: MINUTE,
          because: { code: 'below', params: { metric: 'moisture', value: 5, limit: 20, seconds: 60 } },
        },
        {
          domain: '02_F',
          value: 0,
          neutral: 0,
          until: null,
          remainingMs: null,
          because: garden.agent(1, '02_F').because,
        },
      ],
    });
    assert.deepEqual(seen, [
      { topic: 'sensor/cmd/1', retain: true, qos: 2, expiry: 65 },
      { topic: 'sensor/envelope/1', retain: false, qos: 1, expiry: 10 },
    ]);
  });

  it('is neutral at the end of the job, and the vector after it expires no more', async () => {
    const garden = await pumpAndFan();
    await garden.receive(1, { moisture: 5 });
    const seen: unknown[] = [];
    garden.run.observer = { publishes: ({ topic, expiry }) => seen.push([topic, expiry]) };
    await garden.pass(MINUTE);
    assert.deepEqual(told(last(garden)), [
      [0, null],
      [0, null],
    ]);
    assert.deepEqual(seen, [
      ['sensor/cmd/1', undefined],
      ['sensor/envelope/1', 10],
    ]);
  });

  it('ends with the phase of a job that cycles and soaks', async () => {
    const garden = await pumpAndFan();
    const steps = [{ set: 1 }, { wait: 5_000 }, { set: 0 }, { wait: 20_000 }, { set: 1 }, { wait: 7_000 }];
    garden.jobWire = (topic, payload) => {
      if (topic === 'job/start')
        Object.assign(payload as object, { plan: { steps: [...steps, { set: 0 }] } });
      return true;
    };
    await garden.force(1, '01_W', 60);
    assert.deepEqual(told(last(garden))[0], [1, 5_000]);
    await garden.pass(5_000);
    assert.deepEqual(told(last(garden))[0], [0, null]);
    await garden.pass(20_000);
    assert.deepEqual(told(last(garden))[0], [1, 7_000]);
  });

  it('is published again with the later end of a job that is extended, and so is the vector', async () => {
    const garden = await pumpAndFan();
    await garden.force(1, '01_W', 60);
    await garden.pass(50_000);
    await garden.force(1, '01_W', 60);
    assert.deepEqual(
      garden.envelopes(1).map((envelope) => told(envelope)[0]),
      [
        [1, 60_000],
        [1, 60_000],
      ],
    );
    assert.notEqual(garden.envelopes(1)[0]?.id, last(garden).id);
    assert.deepEqual(garden.vectors(1), [
      [1, 0],
      [1, 0],
    ]);
  });

  it('lends a held value for ten minutes, and renews that every three under one id', async () => {
    const garden = await pumpAndFan();
    await garden.force(1, '02_F', 500);
    await garden.pass(9 * MINUTE);
    const envelopes = garden.envelopes(1);
    assert.deepEqual(
      envelopes.map((envelope) => told(envelope)[1]),
      Array.from({ length: 4 }, () => [50, 10 * MINUTE]),
    );
    assert.equal(new Set(envelopes.map(({ id }) => id)).size, 1);
    assert.deepEqual(
      envelopes.slice(1).map(({ at }, place) => at - (envelopes[place]?.at ?? 0)),
      [3 * MINUTE, 3 * MINUTE, 3 * MINUTE],
    );
    assert.deepEqual(garden.vectors(1), [[0, 50]], 'the vector is not sent again, and never expires');
    await garden.force(1, '02_F', 0);
    await garden.pass(20 * MINUTE);
    assert.equal(garden.envelopes(1).length, 5, 'what is neutral needs no lease');
    assert.equal(garden.clock.waiting, 0);
  });

  it('is published after each connection, in its epoch', async () => {
    const garden = await pumpAndFan();
    await garden.disconnect();
    garden.epoch += 5;
    await garden.connect();
    assert.equal(last(garden).epoch, garden.epoch);
    assert.equal(garden.envelopes(1).length, 1);
  });

  it('of a sensor whose last agent has gone names none', async () => {
    const garden = await pumpAndFan();
    await garden.removeAgent(1, '01_W');
    await garden.removeAgent(1, '02_F', 'PercentAgent');
    assert.deepEqual(last(garden).agents, []);
  });

  it('goes out again where the pool could not hand it over, after 5 s', async () => {
    const garden = await pumpAndFan();
    garden.pool.fate = ({ retain }) => (retain ? 'arrives' : 'refused');
    await garden.force(1, '02_F', 500);
    garden.pool.fate = () => 'arrives';
    await garden.pass(4_999);
    assert.equal(garden.envelopes(1).length, 0);
    await garden.pass(1);
    assert.deepEqual(told(last(garden))[1], [50, 10 * MINUTE]);
  });

  it('has a higher sequence than the one before it', async () => {
    const garden = await pumpAndFan();
    for (const value of [100, 200, 300]) await garden.force(1, '02_F', value);
    const sequences = garden.envelopes(1).map(({ sequence }) => sequence);
    assert.deepEqual(
      sequences,
      [...new Set(sequences)].sort((a, b) => a - b),
    );
  });
});

describe('A device that asks', () => {
  it('gets the present envelope, with its leases renewed and the time that is left to its jobs', async () => {
    const garden = await pumpAndFan();
    await garden.force(1, '02_F', 500);
    await garden.force(1, '01_W', 60);
    await garden.pass(10_000);
    const { id } = last(garden);
    await garden.receive(1, { ask: true }, 'ack');
    assert.deepEqual(told(last(garden)), [
      [1, 50_000],
      [50, 10 * MINUTE],
    ]);
    assert.equal(last(garden).id, id);
  });

  it('gets an empty one where the sensor has no agents', async () => {
    const garden = await GardenHarness.start();
    await garden.addSensor();
    await garden.receive(1, { ask: true }, 'ack');
    assert.deepEqual(last(garden).agents, []);
  });

  it('gets nothing with a wrong key', async () => {
    const garden = await pumpAndFan();
    await garden.receive(1, { ask: true }, 'ack', 'wrong');
    assert.deepEqual([garden.envelopes(1).length, garden.twin(1).dropped], [0, 1]);
  });
});
