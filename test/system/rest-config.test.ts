import assert from 'node:assert/strict';
import { accepted, refused } from '../support/curl.ts';
import { useSharedRipe } from '../support/shared-ripe.ts';
import { base64, registerSensor, type TestSensor } from '../support/test-sensor.ts';
import type { Config } from '../support/wire-types.ts';

const FORM = {
  '01_active': { Switch: true },
  '02_min_threshold': { IntSlider: [0, 100, 20] },
  '03_action_duration_ms': { TimeSlider: [0, 600_000, 60_000, 40] },
  '04_action_cooldown_ms': { TimeSlider: [0, 3_600_000, 30_000, 60] },
};
type Key = keyof typeof FORM;

const values = (config: Config) =>
  Object.fromEntries(Object.entries(config).map(([key, [, value]]) => [key, value]));
const labels = (config: Config) => Object.values(config).map(([label]) => label);

describe('REST: the settings of an agent', () => {
  const ripe = useSharedRipe();
  let sensor: TestSensor;

  beforeEach(async () => {
    sensor = await registerSensor(ripe);
    await sensor.addAgent('a', 'ThresholdAgent');
  });

  const post = (raw: string, headers: Record<string, string> = {}) =>
    sensor.agent('POST', `/${base64('a')}/config`, { raw, headers });

  it('gives label and value per key, with the defaults of the original, as whole numbers (§4.4, §6.1 DEPENDS)', async () => {
    const answer = await sensor.agent('GET', `/${base64('a')}/config`);
    const config = accepted<Config>(answer);
    assert.deepEqual(values(config), FORM);
    assert.deepEqual(Object.keys(config), Object.keys(config).sort());
    for (const pair of Object.values(config)) assert.equal(pair.length, 2);
    assert.ok(answer.text.includes('{"TimeSlider":[0,600000,60000,40]}'));
  });

  it('has labels in the language of the caller', async () => {
    const english = labels(await sensor.config('a'));
    const german = labels(await sensor.config('a', { 'Accept-Language': 'de-AT,de;q=0.9,en;q=0.1' }));
    assert.deepEqual(labels(await sensor.config('a', { 'Accept-Language': 'fr' })), english);
    for (const label of [...english, ...german]) assert.match(label, /\S/);
    assert.notDeepEqual(german, english);
    await sensor.command('a', 0);
    const { rendered } = (await sensor.agentStatus('a')).ui;
    const [agent] = (await sensor.status({ 'Accept-Language': 'de' })).agents;
    assert.notEqual(agent?.ui.rendered, rendered);
  });

  it('takes the whole form back in the variants it gave, and keeps it (§4.4)', async () => {
    const changed = {
      ...FORM,
      '01_active': { Switch: false },
      '02_min_threshold': { IntSlider: [0, 100, 100] },
      '03_action_duration_ms': { TimeSlider: [0, 600_000, 600_000, 40] },
      '04_action_cooldown_ms': { TimeSlider: [0, 3_600_000, 0, 60] },
    };
    // Limits count for nothing (only the value does), and unknown keys are ignored.
    const posted = {
      ...changed,
      '02_min_threshold': { IntSlider: [5, 7, 100] },
      '99_further': { Switch: 1 },
    };
    assert.equal(accepted(await post(JSON.stringify(posted))), null);
    assert.deepEqual(values(await sensor.config('a')), changed);
  });

  it('refuses a missing key by its name, and changes nothing (§3 FIX)', async () => {
    for (const key of Object.keys(FORM) as Key[]) {
      const { [key]: _, ...others } = { ...FORM, '02_min_threshold': { IntSlider: [0, 100, 33] } };
      refused(await post(JSON.stringify(others)), 400, key);
      refused(await post(JSON.stringify({ ...others, [key]: null })), 400, key);
    }
    refused(await post('{}'), 400, '01_active');
    assert.deepEqual(values(await sensor.config('a')), FORM);
  });

  it('refuses a value outside its limits, and changes nothing (§3 FIX)', async () => {
    const outside: [Key, object][] = [
      ['02_min_threshold', { IntSlider: [0, 100, 101] }],
      ['02_min_threshold', { IntSlider: [0, 100, -1] }],
      ['02_min_threshold', { IntSlider: [0, 1000, 500] }],
      ['03_action_duration_ms', { TimeSlider: [0, 600_000, 600_001, 40] }],
      ['03_action_duration_ms', { TimeSlider: [0, 600_000, -5, 40] }],
      ['04_action_cooldown_ms', { TimeSlider: [0, 3_600_000, Number.MAX_SAFE_INTEGER, 60] }],
    ];
    for (const [key, value] of outside) {
      refused(
        await post(JSON.stringify({ ...FORM, '01_active': { Switch: false }, [key]: value })),
        400,
        key,
      );
    }
    assert.deepEqual(values(await sensor.config('a')), FORM);
  });

  it('refuses another variant, a wrong type or a fraction, and changes nothing (§3)', async () => {
    const wrong: [Key, unknown][] = [
      ['01_active', { IntSlider: [0, 1, 1] }],
      ['01_active', { Switch: 1 }],
      ['01_active', { Switch: null }],
      ['01_active', true],
      ['01_active', ['Active', { Switch: true }]],
      ['02_min_threshold', { TimeSlider: [0, 100, 30, 5] }],
      ['02_min_threshold', { IntSlider: [0, 100] }],
      ['02_min_threshold', { IntSlider: [0, 100, 30, 5] }],
      ['02_min_threshold', { IntSlider: [0, 100, 30.5] }],
      ['02_min_threshold', { IntSlider: [0, 100, '30'] }],
      ['02_min_threshold', { IntSlider: 30 }],
      ['03_action_duration_ms', { DayTime: 60_000 }],
      ['03_action_duration_ms', {}],
    ];
    for (const [key, value] of wrong) {
      refused(
        await post(JSON.stringify({ ...FORM, '01_active': { Switch: false }, [key]: value })),
        400,
        key,
      );
    }
    for (const body of ['[]', 'null', '"x"']) refused(await post(body), 400, 'body');
    refused(await post('{"01_active":{"Switch":tru}}'), 400, 'body');
    assert.deepEqual(values(await sensor.config('a')), FORM);
  });

  it('is refused for an unknown domain', async () => {
    const path = `/${base64('b')}/config`;
    refused(await sensor.agent('GET', path), 400);
    refused(await sensor.agent('POST', path, { body: FORM }), 400);
  });
});
