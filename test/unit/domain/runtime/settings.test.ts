import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { RipeError } from '../../../../src/domain/errors.ts';
import { GardenHarness } from '../../../support/garden-harness.ts';

interface Settings {
  readonly agent_name: string;
  readonly settings: Record<string, unknown>;
  readonly controls: Record<string, Record<string, unknown>>;
  readonly limits: Record<string, number | null>;
  readonly own_limits: Record<string, number>;
  readonly lockout: unknown;
}

async function bed(agentName = 'ThresholdAgent') {
  const garden = await GardenHarness.start();
  await garden.addSensor();
  await garden.addAgent(1, '01_W', agentName);
  const at = { sensor: 1, domain: '01_W' } as const;
  return {
    garden,
    get: (locale: 'en' | 'de' = 'en') => garden.ask('getSettings', { ...at, locale }) as Promise<Settings>,
    patch: (body: object) => garden.ask('patchSettings', { ...at, body }) as Promise<Settings>,
  };
}

const refused = (field: string) => (error: RipeError) =>
  error.code === 'RIPE_FIELD_INVALID' && error.params['field'] === field;

describe('The settings of an agent over REST', () => {
  it('are told by their plain names, with their controls in the language of who asks', async () => {
    const { get } = await bed();
    const { agent_name, settings, controls, limits, own_limits, lockout } = await get('de');
    assert.equal(agent_name, 'ThresholdAgent');
    assert.equal(settings['supply'], '');
    assert.equal(settings['minThreshold'], 20);
    assert.deepEqual(Object.keys(controls), Object.keys(settings));
    assert.equal(controls['active']?.['label'], 'Aktiv');
    assert.deepEqual(controls['direction']?.['options'], ['below', 'above']);
    assert.deepEqual(limits, {
      longestRunMs: 3_600_000,
      shortestPauseMs: 0,
      dailyBudgetMs: 14_400_000,
      longestHoldMs: null,
      lockoutAfter: 5,
    });
    assert.deepEqual([own_limits, lockout], [{}, null]);
  });

  it("change one by one, and outlive the app's form and a crash", async () => {
    const { garden, get, patch } = await bed();
    const { settings } = await patch({ settings: { supply: 'pump', minThreshold: 35 } });
    assert.deepEqual([settings['supply'], settings['minThreshold'], settings['active']], ['pump', 35, true]);
    const form = (await garden.ask('getConfig', { sensor: 1, domain: '01_W' })) as Record<
      string,
      [string, object]
    >;
    const body = Object.fromEntries(Object.entries(form).map(([key, [, value]]) => [key, value]));
    await garden.ask('setConfig', { sensor: 1, domain: '01_W', body });
    await garden.crash();
    assert.equal((await get()).settings['supply'], 'pump');
    await garden.receive(1, { moisture: 3 });
    const [job] = await garden.jobs();
    assert.equal(job?.plan.supply, 'pump');
  });

  const bad: [object, string][] = [
    [{ settings: { pump: 1 } }, 'settings.pump'],
    [{ settings: { active: 1 } }, 'settings.active'],
    [{ settings: { minThreshold: 101 } }, 'settings.minThreshold'],
    [{ settings: { direction: 'up' } }, 'settings.direction'],
    [{ settings: { hysteresis: -1 } }, 'settings.hysteresis'],
    [{ settings: { supply: 'x'.repeat(65) } }, 'settings.supply'],
    [{ settings: { supply: 'a\nb' } }, 'settings.supply'],
    [{ settings: { constructor: 1 } }, 'settings.constructor'],
    [{ settings: { active: false }, limits: { longestRunMs: 3_600_001 } }, 'limits.longestRunMs'],
    [{ limits: { lockoutAfter: 6 } }, 'limits.lockoutAfter'],
  ];
  it('are refused by name, and then nothing changes', async () => {
    const { get, patch } = await bed();
    for (const [body, field] of bad) await assert.rejects(patch(body), refused(field), JSON.stringify(body));
    const { settings, own_limits } = await get();
    assert.deepEqual([settings['active'], own_limits], [true, {}]);
  });

  it('name the zone that nobody knows', async () => {
    const { patch } = await bed('TimeAgent');
    await assert.rejects(patch({ settings: { start: { ms: 1, zone: 'Mars' } } }), refused('settings.start'));
    const { settings } = await patch({ settings: { start: { ms: 1, zone: 'Europe/Berlin' } } });
    assert.deepEqual(settings['start'], { ms: 1, zone: 'Europe/Berlin' });
  });

  it('tighten limits, and take that back', async () => {
    const { patch } = await bed();
    const tight = await patch({ limits: { dailyBudgetMs: 60_000, shortestPauseMs: 5_000 } });
    assert.deepEqual([tight.limits['dailyBudgetMs'], tight.limits['shortestPauseMs']], [60_000, 5_000]);
    const loose = await patch({ limits: { dailyBudgetMs: null } });
    assert.deepEqual(loose.own_limits, { shortestPauseMs: 5_000 });
    assert.equal(loose.limits['dailyBudgetMs'], 14_400_000);
  });
});
