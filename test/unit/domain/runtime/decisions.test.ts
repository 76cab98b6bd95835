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
    assert.equal(run?.text, 'Moisture 5 is below 20: runs for 60 s.');
    assert.deepEqual(run?.because, {
      code: 'below',
      params: { metric: 'moisture', value: 5, limit: 20, seconds: 60 },
    });
    assert.equal(typeof run?.job, 'string');
    assert.match(run?.version ?? '', /^\d+\.\d+\.\d+$/);
    assert.equal(skip?.text, 'Moisture 30 is not below 20.');
    assert.equal(skip?.job, null);
  });

  it('speak the language of whoever asks', async () => {
    const garden = await watered();
    const [run] = (await garden.ask('decisions', { sensor: 1, range, page, locale: 'de' })) as Decision[];
    assert.equal(run?.text, 'Feuchte 5 ist unter 20: läuft 60 s.');
  });

  it('name what is measured, figures, moments and endings as a person does', async () => {
    const garden = await watered();
    const texts = async (locale: 'en' | 'de', timeZone: string) =>
      ((await garden.ask('decisions', { sensor: 1, range, page, locale, timeZone })) as Decision[]).map(
        ({ text }) => text,
      );
    await garden.force(1, '01_Water', 5_400);
    await garden.force(1, '01_Water', 0);
    await garden.receive(1, { moisture: 30 });
    const german = await texts('de', 'UTC');
    assert.ok(german.includes('Der Lauf wurde vorzeitig beendet (so hat er entschieden).'), String(german));
    assert.equal(german[0], 'Feuchte 30 ist nicht unter 20.');
    const long = 'Switched on by hand for 1 h 30 min. Cut to 1 h (longest run).';
    assert.ok((await texts('en', 'UTC')).includes(long));
    await garden.addAgent(1, '02_Light', 'TimeAgent');
    await garden.force(1, '02_Light', 3_600);
    const until = /^Switched on by hand until (.*)\.$/;
    assert.match(until.exec((await texts('en', 'UTC'))[0] ?? '')?.[1] ?? '', /^\d{4}-\d\d-\d\dT[\d:]{8}Z$/);
    assert.match(until.exec((await texts('en', 'Europe/Berlin'))[0] ?? '')?.[1] ?? '', /^\d\d:\d\d$/);
  });

  it('tell of everything that a person has asked for, however often it is refused for the same reason', async () => {
    const garden = await watered();
    for (let times = 0; times < 3; times += 1) await garden.force(1, '01_Water', 0);
    const found = (await garden.ask('decisions', { sensor: 1, range, page })) as Decision[];
    const byHand = found.filter(({ event }) => event === 'forced').map(({ because }) => because.code);
    assert.deepEqual(byHand, ['nothingRuns', 'nothingRuns', 'stopped']);
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
