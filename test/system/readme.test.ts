import assert from 'node:assert/strict';
import { eventually } from '../support/eventually.ts';
import { blocksOf, ReadmeWalk, sectionOf } from '../support/readme-walk.ts';
import { useRipe } from '../support/ripe.ts';

const RUN_MS = 10_000;

describe('The README, typed as it is printed', () => {
  const ripe = useRipe();
  const walk = new ReadmeWalk(ripe);
  let pump: readonly string[] = [];

  after('close the terminals', () => walk.close());

  const values = () => pump.map((line) => line.replace(/^.*pump: /, ''));
  const becomes = (...expected: string[]) =>
    eventually(async () => assert.deepEqual(values(), expected), RUN_MS + 5_000);

  before('wait until RIPE is at its broker', () =>
    eventually(async () => assert.equal((await fetch(`${ripe.url}/api/ready`)).status, 200)),
  );

  it('shows what npm start prints', () => {
    const [shown = ''] = blocksOf(sectionOf('Start'), '');
    for (const line of shown.split('\n').filter((each) => each !== '' && !each.includes('phone'))) {
      const text = line.replaceAll(':1880', `:${ripe.port}`).replaceAll(':1883', `:${ripe.mqttPort}`);
      const [start = ''] = text.split(/…|\*{3}/);
      assert.ok(ripe.output.includes(start), `npm start prints ${start}`);
    }
  });

  it('registers a sensor, and shows what is answered', async () => {
    const answer = JSON.parse(await walk.type('/api/sensor'));
    const [shown = ''] = blocksOf(sectionOf('From curl to a watered plant, in five minutes'), 'json');
    const port = ripe.mqttPort;
    assert.deepEqual(JSON.parse(shown.replace('1883', String(port))), {
      ...answer,
      id: 1,
      key: 'w4gidhvt9FNg',
    });
    ripe.keepSecret(answer.key);
    walk.remember(answer.id, answer.key);
  });

  it('gives it an agent, waters for ten seconds, and stops', async () => {
    assert.match(await walk.type('ThresholdAgent'), /01_Water/);
    assert.equal(await walk.type('/config'), 'null');
    pump = walk.listen('mosquitto_sub');
    await becomes('00');
    await walk.type('mosquitto_pub');
    await becomes('00', '01');
    const startedAt = Date.now();
    await becomes('00', '01', '00');
    const tookMs = Date.now() - startedAt;
    // A busy machine sees both of them late.
    assert.ok(Math.abs(tookMs - RUN_MS) < 4_000, `it ran for ${tookMs} ms`);
  });

  it('says what RIPE thinks, why it watered, what was measured, and what became of commands', async () => {
    assert.equal(JSON.parse(await walk.type('/api/sensor/$ID ')).data.moisture, 5);
    assert.match(await walk.type('/decision'), /Moisture 5 is below 20: runs for 10 s/);
    assert.match(await walk.type('/data'), /^timestamp,battery,moisture,.*\r\n[^,]+,,5,/);
    assert.match(await walk.type('/command'), /"state":"sent"/);
  });

  it('is the gardener, and orders a run', async () => {
    assert.equal(await walk.type('"payload":30'), 'nullnull');
    await becomes('00', '01', '00', '01', '00');
    assert.match(await walk.type('/job'), /"state":"running"/);
    await becomes('00', '01', '00', '01', '00', '01');
    assert.match(await walk.type('"supply": "pump"'), /"supply":"pump"/);
    assert.equal(walk.left, 0, 'every block is typed');
  });
});
