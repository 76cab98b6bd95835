import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { GardenHarness } from '../../../support/garden-harness.ts';

interface Command {
  id: string;
  state: string;
  created_at: string;
  state_at: string;
  agents: { domain: string; value: number; until: string | null; leased: boolean }[];
  observed: object | null;
  reason: string | null;
}

async function pump(): Promise<GardenHarness> {
  const garden = await GardenHarness.start();
  await garden.addSensor();
  await garden.addAgent(1, '01_W');
  return garden;
}

const commands = async (garden: GardenHarness) =>
  (await garden.ask('sensorCommands', { sensor: 1 })) as Command[];
const states = async (garden: GardenHarness) =>
  (await commands(garden)).map(({ agents, state }) => `${agents.map(({ value }) => value)} ${state}`);
const id = (garden: GardenHarness) => garden.envelopes(1).at(-1)?.id ?? '';
const report = (garden: GardenHarness, parts: object) =>
  garden.receive(1, { id: id(garden), ...parts }, 'ack');

describe('A command', () => {
  it('is queued until the broker has its envelope', async () => {
    const garden = await pump();
    garden.pool.delayMs = 300;
    await garden.force(1, '01_W', 60);
    assert.deepEqual(await states(garden), ['1 queued', '0 sent']);
    await garden.pass(300);
    assert.deepEqual(await states(garden), ['1 sent', '0 sent']);
  });

  it('stays sent with a device that never says anything', async () => {
    const garden = await pump();
    await garden.force(1, '01_W', 60);
    await garden.pass(3_600_000);
    assert.deepEqual(await states(garden), ['0 sent', '1 sent', '0 sent']);
  });

  it('is acknowledged and observed as the device says, each step told once', async () => {
    const garden = await pump();
    await garden.force(1, '01_W', 60);
    const before = garden.told.length;
    await report(garden, { state: 'acknowledged' });
    await garden.pass(1_000);
    for (let n = 0; n < 3; n++) await report(garden, { state: 'observed', values: { '01_W': 1 } });
    const [command] = await commands(garden);
    assert.deepEqual([command?.state, command?.observed], ['observed', { '01_W': 1 }]);
    assert.equal(Date.parse(command?.state_at ?? '') - Date.parse(command?.created_at ?? ''), 1_000);
    const events = garden.told.slice(before).filter(({ wire }) => wire === 'event/envelope');
    assert.deepEqual(
      events.map(({ payload }) => (payload as { state: string }).state),
      ['acknowledged', 'observed'],
    );
    assert.equal(garden.twin(1).lastSeen, garden.clock.now());
  });

  it('has failed where the device says so, or does something else', async () => {
    const garden = await pump();
    await garden.force(1, '01_W', 60);
    await report(garden, { state: 'failed', reason: 'no water' });
    assert.equal((await commands(garden))[0]?.reason, 'no water');
    await report(garden, { state: 'observed', values: { '01_W': 0 } });
    assert.equal((await commands(garden))[0]?.reason, '01_W is 0 instead of 1');
    await report(garden, { state: 'observed', values: { '01_W': 1 } });
    assert.equal((await states(garden))[0], '1 observed');
  });

  it('is shown in its twin, as plain JSON', async () => {
    const garden = await pump();
    await garden.force(1, '01_W', 60);
    const { command } = garden.twin(1);
    assert.deepEqual(command, JSON.parse(JSON.stringify(command)));
    assert.equal(command?.state, 'sent');
    assert.equal(command?.agents[0]?.until, garden.agent(1, '01_W').job?.endsAt);
  });

  it('is remembered over a restart: a device may acknowledge it afterwards', async () => {
    const garden = await pump();
    await garden.force(1, '01_W', 60);
    await garden.pass(100);
    const before = id(garden);
    await garden.crash({ isConnected: false });
    assert.equal(garden.twin(1).command?.id, before);
    await garden.receive(1, { id: before, state: 'acknowledged' }, 'ack');
    assert.equal((await states(garden))[0], '1 acknowledged');
    await garden.connect();
    assert.equal(id(garden), before, 'its job goes on, so it is the same command');
    assert.equal(garden.envelopes(1).at(-1)?.epoch, garden.epoch);
  });

  it('expires where its end passed while RIPE was down, and nobody had said that the device knew of it', async () => {
    const garden = await pump();
    await garden.force(1, '01_W', 60);
    await garden.pass(100);
    await garden.crash({ downMs: 120_000 });
    assert.deepEqual((await states(garden)).slice(0, 2), ['0 sent', '1 expired']);
  });

  it('expires where it never reached the broker, and another one has taken its place', async () => {
    const garden = await pump();
    garden.pool.fate = () => 'refused';
    await garden.force(1, '01_W', 60);
    await garden.force(1, '01_W', 0);
    garden.pool.fate = () => 'arrives';
    await garden.pass(5_000);
    assert.deepEqual(await states(garden), ['0 sent', '1 expired', '0 sent']);
  });

  it('has a history of 32, newest first', async () => {
    const garden = await pump();
    await garden.addAgent(1, '02_F', 'PercentAgent');
    for (let n = 1; n <= 40; n++) await garden.force(1, '02_F', n * 10);
    const values = (await commands(garden)).map(({ agents }) => agents[1]?.value);
    assert.deepEqual(
      values,
      Array.from({ length: 32 }, (_, n) => 40 - n),
    );
    assert.equal((await commands(garden))[0]?.agents[1]?.leased, true);
  });

  it('goes with its sensor', async () => {
    const garden = await pump();
    await garden.force(1, '01_W', 60);
    await garden.removeSensor(1);
    await garden.store.commit();
    assert.deepEqual(garden.store.disk.sensorCommands, []);
    await garden.pass(20 * 60_000);
    assert.equal(garden.clock.waiting, 0);
  });
});

describe('A report', () => {
  for (const [name, message] of [
    ['is no JSON', '{'],
    ['says nothing', {}],
    ['names no command of late', { id: '0-1', state: 'acknowledged' }],
    ['has a value that is no number', { id: 'x', state: 'observed', values: { '01_W': 'on' } }],
  ] as const) {
    it(`that ${name} is dropped and counted`, async () => {
      const garden = await pump();
      const before = garden.told.length;
      await garden.receive(1, message, 'ack');
      assert.equal(garden.twin(1).dropped, 1);
      assert.equal(garden.told.length, before);
    });
  }
});
