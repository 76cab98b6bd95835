import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { GardenHarness } from '../../../support/garden-harness.ts';

async function pumpAndFan(): Promise<GardenHarness> {
  const garden = await GardenHarness.start();
  await garden.addSensor();
  await garden.addAgent(1, '01_W');
  await garden.addAgent(1, '02_F', 'PercentAgent');
  garden.pool.log.length = 0;
  return garden;
}

const history = async (garden: GardenHarness) => {
  await garden.store.commit();
  return garden.store.disk.commands.map(({ domain, value }) => `${domain} ${value}`);
};

describe('Command vectors', () => {
  it('are whole, retained and of QoS 2, on a topic without a key (protocol §5.3)', async () => {
    const garden = await pumpAndFan();
    const seen: unknown[] = [];
    garden.run.observer = {
      publishes: ({ topic, retain, qos, payload }) => {
        if (payload instanceof Uint8Array) seen.push({ topic, retain, qos, payload: [...payload] });
      },
    };
    await garden.force(1, '02_F', 730);
    assert.deepEqual(seen, [{ topic: 'sensor/cmd/1', retain: true, qos: 2, payload: [0, 73] }]);
  });

  it('are sent on a change only (protocol §5.3)', async () => {
    const garden = await pumpAndFan();
    await garden.force(1, '02_F', 500);
    await garden.receive(1, { moisture: 80 });
    await garden.pass(3_600_000);
    assert.deepEqual(garden.vectors(1), []);
    await garden.force(1, '02_F', 510);
    assert.deepEqual(garden.vectors(1), [[0, 51]]);
  });

  it('are sent once per sensor after each connection (protocol §5.3)', async () => {
    const garden = await pumpAndFan();
    await garden.disconnect();
    await garden.connect();
    assert.deepEqual(garden.vectors(1), [[0, 50]]);
  });

  it('tell after a connection what has changed meanwhile (protocol §8)', async () => {
    const garden = await pumpAndFan();
    await garden.disconnect();
    await garden.force(1, '02_F', 100);
    await garden.force(1, '02_F', 200);
    assert.deepEqual(garden.vectors(1), []);
    await garden.connect();
    assert.deepEqual(garden.vectors(1), [[0, 20]]);
  });

  it('are not sent for a sensor that has never had an agent (protocol §5.3)', async () => {
    const garden = await GardenHarness.start();
    await garden.addSensor();
    await garden.disconnect();
    await garden.connect();
    assert.deepEqual(garden.vectors(1), []);
  });

  it('are deleted again after each connection until that is delivered, then never more (protocol §5.3)', async () => {
    const garden = await pumpAndFan();
    await garden.removeAgent(1, '01_W');
    await garden.disconnect();
    await garden.removeAgent(1, '02_F', 'PercentAgent');
    garden.pool.fate = () => 'unreported';
    await garden.connect();
    garden.pool.fate = () => 'arrives';
    for (let n = 0; n < 3; n++) {
      await garden.disconnect();
      await garden.connect();
    }
    assert.deepEqual(garden.vectors(1).slice(-2), [[], []]);
    assert.deepEqual(garden.vectors(1).filter((bytes) => bytes.length === 0).length, 2);
  });

  it('go out again after 5 s where a connected pool could not hand them over', async () => {
    const garden = await pumpAndFan();
    garden.pool.fate = () => 'refused';
    await garden.force(1, '02_F', 100);
    garden.pool.fate = () => 'arrives';
    await garden.pass(4_999);
    assert.deepEqual(garden.vectors(1), []);
    await garden.pass(1);
    assert.deepEqual(garden.vectors(1), [[0, 10]]);
    await garden.pass(60_000);
    assert.equal(garden.vectors(1).length, 1);
    assert.deepEqual((await history(garden)).slice(-1), ['02_F 10']);
  });

  it('name an agent before and after the others by its bytes, not by its age', async () => {
    const garden = await pumpAndFan();
    await garden.force(1, '02_F', 100);
    await garden.addAgent(1, '010_x');
    assert.deepEqual(garden.bytes(1), [0, 0, 10]);
    await garden.addAgent(1, 'ä', 'PercentAgent');
    assert.deepEqual(garden.bytes(1), [0, 0, 10, 50]);
  });
});

describe('The history of commands', () => {
  it('has a row per value once it has been delivered (protocol §5.3)', async () => {
    const garden = await pumpAndFan();
    const before = (await history(garden)).length;
    garden.pool.delayMs = 200;
    await garden.force(1, '02_F', 100);
    assert.equal((await history(garden)).length, before);
    await garden.pass(200);
    assert.deepEqual((await history(garden)).slice(before), ['02_F 10']);
  });

  it('has a row per agent after a connection, and none for what was never delivered (protocol §5.3, §8)', async () => {
    const garden = await pumpAndFan();
    const before = (await history(garden)).length;
    await garden.disconnect();
    await garden.force(1, '02_F', 100);
    await garden.force(1, '02_F', 200);
    await garden.connect();
    assert.deepEqual((await history(garden)).slice(before), ['01_W 0', '02_F 20']);
  });

  it('is told in order of time, by range (protocol §4.2)', async () => {
    const garden = await pumpAndFan();
    const from = garden.clock.now() + 1;
    await garden.pass(10);
    await garden.force(1, '02_F', 100);
    await garden.pass(10);
    await garden.force(1, '02_F', 200);
    const range = { from, until: garden.clock.now() };
    const rows = (await garden.ask('commandHistory', { sensor: 1, range })) as { command: number }[];
    assert.deepEqual(
      rows.map(({ command }) => command),
      [10],
    );
  });
});

describe('A runtime that is deployed anew, alone', () => {
  it('takes no report of its predecessor for one of its own', async () => {
    const garden = await pumpAndFan();
    await garden.removeAgent(1, '02_F', 'PercentAgent');
    await garden.pass(10_000);
    garden.pool.delayMs = 1_000;
    await garden.force(1, '01_W', 60);
    await garden.pass(500);
    garden.run.replaceRuntime();
    await garden.runtime.start();
    garden.runtime.brokerConnected();
    const rows = (await history(garden)).length;
    await garden.pass(999);
    assert.equal((await history(garden)).length, rows);
    await garden.pass(1);
    assert.deepEqual((await history(garden)).slice(rows), ['01_W 1']);
    // What its running job wants is told from the beginning: nothing blinks.
    await garden.pass(1_000);
    assert.deepEqual((await history(garden)).slice(rows), ['01_W 1']);
  });

  it('goes on with the running job of the old one, to its end', async () => {
    const garden = await pumpAndFan();
    await garden.force(1, '01_W', 60);
    garden.run.replaceRuntime();
    await garden.runtime.start();
    garden.runtime.brokerConnected();
    await garden.settle();
    assert.deepEqual(garden.bytes(1), [1, 50]);
    await garden.pass(60_000);
    assert.deepEqual(garden.bytes(1), [0, 50]);
    assert.equal(garden.agent(1, '01_W').because?.code, 'finished');
    assert.deepEqual(
      (await garden.jobs()).map(({ status }) => status),
      ['ended'],
    );
  });
});
