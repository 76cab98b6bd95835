import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { GardenHarness, request } from '../../../support/garden-harness.ts';
import { running } from '../../../support/running-garden.ts';

const SENSORS = 70;
const LAST = SENSORS;

async function large(sensors = SENSORS): Promise<GardenHarness> {
  const garden = await GardenHarness.start();
  for (let sensor = 1; sensor <= sensors; sensor++) {
    await garden.addSensor();
    await garden.addAgent(sensor, '01_W');
  }
  await garden.addAgent(LAST, '02_F', 'PercentAgent');
  await garden.force(LAST, '02_F', 500);
  garden.pool.log.length = 0;
  return garden;
}

/** The sensors whose vectors have reached the broker, in that order. */
const told = (garden: GardenHarness): number[] =>
  garden.pool.log.map(({ topic }) => Number(topic.slice(topic.lastIndexOf('/') + 1)));

const isOn = (garden: GardenHarness): boolean => garden.bytes(LAST)?.[0] === 1;

/** Whoever was told before sensor LAST was on. */
function toldBefore(garden: GardenHarness): Set<number> {
  const place = garden.pool.log.findIndex(
    ({ topic, bytes }) => topic === `sensor/cmd/${LAST}` && bytes[0] === 1,
  );
  assert.notEqual(place, -1, 'it is on in the end');
  return new Set(told(garden).slice(0, place));
}

describe('After a connection of the broker, in a large garden', () => {
  it('every sensor gets its vector, in slices between which others have their turn', async () => {
    const garden = await large();
    const atOnce: string[] = [];
    garden.run.observer = { publishes: ({ topic }) => atOnce.push(topic) };
    garden.runtime.brokerConnected();
    assert.ok(atOnce.length < 2 * SENSORS, `${atOnce.length} messages in one turn`);
    await garden.pass(1_000);
    assert.deepEqual(
      told(garden),
      Array.from({ length: SENSORS }, (_, index) => index + 1),
    );
  });

  it('no more vectors are under way than a broker has room for', async () => {
    const garden = await large(200);
    garden.pool.delayMs = 1_000;
    const sent: string[] = [];
    garden.run.observer = { publishes: ({ topic }) => sent.push(topic) };
    const vectors = () => sent.filter((topic) => topic.startsWith('sensor/cmd/')).length;
    garden.runtime.brokerConnected();
    await garden.pass(999);
    assert.equal(vectors(), 75);
    await garden.pass(3_000);
    assert.equal(vectors(), 200);
  });

  it('a broker that acknowledges nothing is told of the others all the same', async () => {
    const garden = await large(200);
    garden.pool.fate = () => 'unreported';
    const sent = new Set<string>();
    garden.run.observer = { publishes: ({ topic }) => sent.add(topic) };
    garden.runtime.brokerConnected();
    await garden.pass(6_000);
    assert.equal([...sent].filter((topic) => topic.startsWith('sensor/cmd/')).length, 200);
  });

  it('a person turns nothing on before the broker has every vector', async () => {
    const garden = await large();
    garden.runtime.brokerConnected();
    await garden.force(LAST, '01_W', 60);
    assert.equal(isOn(garden), false);
    await garden.pass(1_000);
    assert.equal(toldBefore(garden).size, SENSORS);
  });

  it('a reading turns nothing on before that', async () => {
    const garden = await large();
    garden.runtime.brokerConnected();
    await garden.receive(LAST, { moisture: 1 });
    await garden.pass(1_000);
    assert.equal(toldBefore(garden).size, SENSORS);
  });

  it('that it has them is what it says, not that they were sent', async () => {
    const garden = await large();
    garden.pool.delayMs = 3_000;
    garden.runtime.brokerConnected();
    await garden.force(LAST, '01_W', 60);
    await garden.pass(2_999);
    assert.equal(told(garden).length, SENSORS);
    assert.equal(isOn(garden), false);
    await garden.pass(1_000);
    assert.equal(isOn(garden), true);
  });

  it('what turns off goes out at once, also beside what waits', async () => {
    const garden = await large();
    await garden.force(LAST, '02_F', 700);
    await garden.force(1, '01_W', 600);
    garden.pool.log.length = 0;
    garden.runtime.brokerConnected();
    await garden.force(LAST, '01_W', 60);
    await garden.force(LAST, '02_F', 0);
    assert.deepEqual(garden.vectors(LAST), [[0, 0]]);
    await garden.force(1, '01_W', 0);
    assert.deepEqual(garden.bytes(1), [0]);
    await garden.pass(1_000);
    assert.deepEqual(garden.bytes(LAST), [1, 0]);
  });

  it('another value waits as well, and what was there stays', async () => {
    const garden = await large();
    garden.runtime.brokerConnected();
    await garden.force(LAST, '02_F', 700);
    await garden.force(LAST, '02_F', 800);
    await garden.pass(1_000);
    assert.deepEqual(garden.vectors(LAST), [
      [0, 50],
      [0, 80],
    ]);
  });

  it('what was decided while no broker served is part of the vectors that are restored', async () => {
    const garden = await large();
    await garden.disconnect();
    await garden.force(1, '01_W', 600);
    await garden.connect();
    await garden.pass(1_000);
    assert.deepEqual(garden.vectors(1), [[1]]);
  });

  it('a run that waits ends when it was to end', async () => {
    const garden = await large();
    garden.pool.delayMs = 4_000;
    garden.runtime.brokerConnected();
    await garden.force(LAST, '01_W', 10);
    await garden.pass(9_999);
    assert.equal(isOn(garden), true);
    const end = garden.envelopes(LAST).at(-1)?.agents[0]?.until;
    await garden.pass(1);
    assert.equal(end, garden.clock.now());
    assert.equal(isOn(garden), false);
  });

  it('a run that is over before its turn turns nothing on, and its job closes', async () => {
    const garden = await large();
    garden.pool.delayMs = 4_000;
    garden.pool.fate = ({ delivery }) => (delivery.sensor === 7 ? 'unreported' : 'arrives');
    garden.runtime.brokerConnected();
    await garden.force(LAST, '01_W', 6);
    await garden.pass(60_000);
    assert.equal(
      garden.vectors(LAST).every(([first]) => first === 0),
      true,
    );
    assert.deepEqual(new Set((await garden.jobs()).map(({ status }) => status)), new Set(['ended']));
  });

  it('a report that never comes keeps nobody waiting for longer than 5 s', async () => {
    const garden = await large();
    garden.pool.fate = ({ delivery }) => (delivery.sensor === 7 ? 'unreported' : 'arrives');
    garden.runtime.brokerConnected();
    await garden.force(LAST, '01_W', 60);
    await garden.pass(4_990);
    assert.equal(isOn(garden), false);
    await garden.pass(1_000);
    assert.equal(isOn(garden), true);
  });

  it('where the broker is lost meanwhile, the next one gets every vector before new work', async () => {
    const garden = await large();
    garden.pool.delayMs = 100;
    garden.runtime.brokerConnected();
    await garden.force(LAST, '01_W', 60);
    await garden.disconnect();
    garden.pool.log.length = 0;
    await garden.pass(2_000);
    await garden.connect();
    await garden.pass(1_000);
    assert.equal(toldBefore(garden).size, SENSORS);
  });

  it('where another broker takes over meanwhile, that one gets every vector before new work', async () => {
    const garden = await large();
    garden.pool.delayMs = 100;
    garden.runtime.brokerConnected();
    await garden.force(LAST, '01_W', 60);
    garden.pool.log.length = 0;
    await garden.pass(1);
    garden.runtime.brokerConnected();
    await garden.pass(1_000);
    assert.equal(toldBefore(garden).size, SENSORS);
  });

  it('a sensor that goes before its turn is left out, and keeps nobody waiting', async () => {
    const garden = await large();
    garden.runtime.brokerConnected();
    await garden.removeSensor(LAST - 1);
    await garden.force(LAST, '01_W', 60);
    await garden.pass(100);
    assert.deepEqual(garden.vectors(LAST - 1), [[]]);
    assert.equal(isOn(garden), true);
  });

  it('a job that ends before its turn closes when the broker knows it, not before', async () => {
    const garden = await large();
    await garden.force(LAST, '01_W', 60);
    garden.pool.delayMs = 1_000;
    garden.runtime.brokerConnected();
    await garden.force(LAST, '01_W', 0);
    await garden.pass(999);
    assert.deepEqual(
      (await garden.jobs()).map(({ status }) => status),
      ['ending'],
    );
    await garden.pass(1_000);
    assert.deepEqual(
      (await garden.jobs()).map(({ status }) => status),
      ['ended'],
    );
  });

  it('a garden without sensors waits for nothing', async () => {
    const garden = await GardenHarness.start();
    await garden.addSensor();
    await garden.addAgent(1, '01_W');
    await garden.force(1, '01_W', 60);
    assert.deepEqual(garden.bytes(1), [1]);
  });
});

describe('After the connection to a broker is back', () => {
  it('every actuator is set right before any new work', async () => {
    const { garden } = await running();
    await garden.addAgent(1, '02_C', 'Commanded');
    await garden.addSensor();
    await garden.addAgent(2, '01_C', 'Commanded');
    await garden.force(2, '01_C', 3_600);
    await garden.disconnect();
    await garden.pass(60_000);
    assert.deepEqual([garden.bytes(1), garden.bytes(2)], [[1, 0], [1]]);
    const before = garden.pool.log.length;
    garden.pool.connect();
    const asked = garden.runtime.request(
      request('command', { sensor: 1, domain: '02_C', body: { payload: 60 } }),
    );
    await garden.settle();
    await asked;
    const vectors = garden.pool.log.slice(before).map(({ topic, bytes }) => [topic, ...bytes]);
    const work = vectors.findIndex((vector) => vector.join() === 'sensor/cmd/1,0,1');
    const repaired = new Set(vectors.slice(0, work).map((vector) => vector.join()));
    assert.deepEqual([...repaired].sort(), ['sensor/cmd/1,0,0', 'sensor/cmd/2,1']);
    assert.equal(work, vectors.length - 1);
  });
});
