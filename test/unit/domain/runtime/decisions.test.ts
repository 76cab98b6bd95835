import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { GardenHarness } from '../../../support/garden-harness.ts';

interface Decision {
  at: string;
  domain: string;
  version: string;
  event: string;
  because: { code: string; params: object };
  text: string;
  value: number;
  job: string | null;
}

const range = { from: 0, until: Number.MAX_SAFE_INTEGER };
const page = { limit: 100, after: null };

async function watered(): Promise<GardenHarness> {
  const garden = await GardenHarness.start();
  await garden.addSensor();
  await garden.addAgent(1, '01_Water');
  await garden.receive(1, { moisture: 30 });
  await garden.receive(1, { moisture: 5 });
  return garden;
}

describe('The decisions of a sensor', () => {
  it('say what was decided and why, newest first, with its inputs and the version of its rule', async () => {
    const garden = await watered();
    const [run, skip] = (await garden.ask('decisions', { sensor: 1, range, page })) as Decision[];
    assert.equal(run?.event, 'reading');
    assert.equal(run?.text, 'moisture 5 is below 20: runs for 60 s.');
    assert.deepEqual(run?.because, {
      code: 'below',
      params: { metric: 'moisture', value: 5, limit: 20, seconds: 60 },
    });
    assert.equal(typeof run?.job, 'string');
    assert.match(run?.version ?? '', /^\d+\.\d+\.\d+$/);
    assert.equal(skip?.text, 'moisture 30 is not below 20.');
    assert.equal(skip?.job, null);
  });

  it('speak the language of whoever asks', async () => {
    const garden = await watered();
    const [run] = (await garden.ask('decisions', { sensor: 1, range, page, locale: 'de' })) as Decision[];
    assert.equal(run?.text, 'moisture 5 ist unter 20: läuft 60 s.');
  });

  it('are those of the range only', async () => {
    const garden = await watered();
    const none = await garden.ask('decisions', { sensor: 1, range: { from: 0, until: 1 }, page });
    assert.deepEqual(none, []);
  });

  it('keep their code where the agent type has gone', async () => {
    const garden = await watered();
    garden.types.delete('ThresholdAgent');
    const [run] = (await garden.ask('decisions', { sensor: 1, range, page })) as Decision[];
    assert.equal(run?.text, 'below');
  });
});
