import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { GardenHarness } from '../../../support/garden-harness.ts';

interface Answer {
  readonly readings: number;
  readonly did: { readonly spans: readonly { readonly from: string; readonly until: string }[] };
  readonly would: { readonly spans: readonly object[] };
}

const AT = { sensor: 1, domain: '01_W' } as const;

async function bed() {
  const garden = await GardenHarness.start();
  await garden.addSensor();
  await garden.addAgent(1, '01_W', 'ThresholdAgent');
  return {
    garden,
    ask: (body: object) => garden.ask('whatIf', { ...AT, body }) as Promise<Answer>,
  };
}

describe('What an agent would have done', () => {
  it('is told beside what it did, and changes nothing', async () => {
    const { garden, ask } = await bed();
    for (const moisture of [15, 22, 24, 30]) {
      await garden.receive(1, { moisture });
      await garden.pass(10 * 60_000);
    }
    const { readings, did, would } = await ask({ settings: { minThreshold: 25 } });
    assert.deepEqual([readings, did.spans.length, would.spans.length], [4, 1, 3]);
    const [span] = did.spans;
    assert.equal(Date.parse(span?.until ?? '') - Date.parse(span?.from ?? ''), 60_000);
    const { settings } = (await garden.ask('getSettings', AT)) as { settings: Record<string, unknown> };
    assert.equal(settings['minThreshold'], 20);
    assert.equal((await garden.jobs()).length, 1);
  });

  it('leaves out what a person has started', async () => {
    const { garden, ask } = await bed();
    await garden.ask('command', { ...AT, body: { payload: 60 } });
    await garden.pass(120_000);
    await garden.ask('startJob', { sensor: 1, body: { domain: '01_W', duration_ms: 30_000 } });
    await garden.pass(120_000);
    assert.deepEqual((await ask({})).did.spans, []);
  });

  it('is refused with the name of a setting that cannot be', async () => {
    const { ask } = await bed();
    await assert.rejects(ask({ settings: { minThreshold: 400 } }), { code: 'RIPE_FIELD_INVALID' });
  });
});
