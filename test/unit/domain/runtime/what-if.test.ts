import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { FakeAgent } from '../../../support/fake-agent.ts';
import { GardenHarness } from '../../../support/garden-harness.ts';

interface Version {
  readonly version: string;
  readonly source: string;
  readonly settings: object;
  readonly controls: object;
}

interface Answer {
  readonly version: string;
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

  it('is asked of every version that is kept, the one that decides first, with its own settings', async () => {
    const { garden } = await bed();
    const own = garden.types.get('ThresholdAgent');
    const controls = {
      minThreshold: { ...own?.settings['minThreshold'], default: 70 },
      fresh: { kind: 'switch', key: '99_fresh', label: { en: 'Fresh', de: 'Neu' }, default: true },
    } as unknown as FakeAgent['settings'];
    garden.types.put(new FakeAgent('ThresholdAgent', { version: '7.0.0', settings: controls }));
    const versions = (await garden.ask('whatIfVersions', AT)) as Version[];
    assert.deepEqual(
      versions.map(({ version, source }) => [version, source]),
      [
        [own?.version, 'shipped'],
        ['7.0.0', 'folder'],
      ],
    );
    // What both know is as the agent has it, the rest as the version says.
    assert.deepEqual(versions[1]?.settings, { minThreshold: 20, fresh: true });
    assert.deepEqual(Object.keys(versions[1]?.controls ?? {}), ['minThreshold', 'fresh']);
  });

  it('replays the version that is named, with settings that it has', async () => {
    const { garden, ask } = await bed();
    garden.types.put(new FakeAgent('ThresholdAgent', { version: '7.0.0' }));
    const own = (await ask({})).version;
    assert.equal((await ask({ version: own, settings: { minThreshold: 30 } })).version, own);
    assert.equal((await ask({ version: '7.0.0' })).version, '7.0.0');
    await assert.rejects(ask({ version: '7.0.0', settings: { minThreshold: 30 } }), /settings.minThreshold/);
    await assert.rejects(ask({ version: '6.0.0' }), /version.*is not kept/);
  });

  it('is not to be had of what is made of wires', async () => {
    const { garden, ask } = await bed();
    garden.types.put(new FakeAgent('Wired', { source: 'wires' as never }));
    await garden.addAgent(1, '02_W', 'Wired');
    const at = { sensor: 1, domain: '02_W' } as const;
    await assert.rejects(garden.ask('whatIf', { ...at, body: {} }), { code: 'RIPE_WHAT_IF_TYPE' });
    await assert.rejects(garden.ask('whatIfVersions', at), { code: 'RIPE_WHAT_IF_TYPE' });
    await ask({});
  });
});
