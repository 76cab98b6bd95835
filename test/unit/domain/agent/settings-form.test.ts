import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { shippedAgentTypes } from '../../../../plugins/index.ts';
import threshold from '../../../../plugins/threshold/threshold.ts';
import time from '../../../../plugins/time/time.ts';
import {
  type AnyControls,
  type AnySettings,
  type Control,
  completeSettings,
  type SettingValue,
} from '../../../../src/domain/agent/settings-controls.ts';
import { type Config, fromConfig, toConfig } from '../../../../src/domain/agent/settings-form.ts';
import { RipeError } from '../../../../src/domain/errors.ts';
import { dayTimeIn } from '../../../../src/domain/time/local-time.ts';
import type { Locale } from '../../../../src/domain/time/zones.ts';

const SUMMER = Date.UTC(2026, 6, 15, 12);
const HOUR = 3_600_000;
const thresholdControls = threshold.settings as AnyControls;
const timeControls = time.settings as AnyControls;

const reader = (zone = 'UTC', locale: Locale = 'en', now = SUMMER) => ({
  zone,
  locale,
  dayTimeIn: (time: { ms: number; zone: string }, to: string) => dayTimeIn(time, to, now),
});
const withoutLabels = (config: Config) =>
  Object.fromEntries(Object.entries(config).map(([key, [, value]]) => [key, value]));
const defaults = (controls: AnyControls) => completeSettings(controls, {});
const formOf = (controls: AnyControls, settings = defaults(controls)) =>
  withoutLabels(toConfig(controls, settings, reader()));

function anyValueOf(control: Control): fc.Arbitrary<SettingValue> {
  switch (control.kind) {
    case 'switch':
      return fc.boolean();
    case 'dayTime':
      return fc.record({
        ms: fc.integer({ min: 0, max: 86_399_999 }),
        zone: fc.constantFrom('UTC', 'Europe/Berlin', 'Pacific/Auckland'),
      });
    case 'choice':
      return fc.constantFrom(...control.options);
    case 'text':
      return fc.string({ maxLength: 64 });
    case 'number':
      return fc.double({ noNaN: true, min: control.lower ?? -1e9, max: control.upper ?? 1e9 });
    default:
      return fc.integer({ min: control.lower, max: control.upper });
  }
}

const settingsOf = (controls: AnyControls): fc.Arbitrary<AnySettings> =>
  fc.record(Object.fromEntries(Object.entries(controls).map(([name, each]) => [name, anyValueOf(each)])), {
    noNullPrototype: true,
  });

const refusing = (field: string) => (error: unknown) =>
  error instanceof RipeError && error.status === 400 && error.params['field'] === field;

const isUnsetTime = (value: unknown) =>
  typeof value === 'object' && (value as { ms: number; zone: string }).ms === 0;

describe('toConfig', () => {
  it('draws the form of a ThresholdAgent (protocol §6.1)', () => {
    assert.deepEqual(toConfig(thresholdControls, defaults(thresholdControls), reader()), {
      '01_active': ['Active', { Switch: true }],
      '02_min_threshold': ['Limit', { IntSlider: [0, 100, 20] }],
      '03_action_duration_ms': ['Run for', { TimeSlider: [0, 600_000, 60_000, 40] }],
      '04_action_cooldown_ms': ['Pause between runs', { TimeSlider: [0, 3_600_000, 30_000, 60] }],
    });
  });

  it('tells a time of day in the zone of the reader, which its label names (protocol §6.2)', () => {
    const settings = { ...defaults(timeControls), start: { ms: 22 * HOUR, zone: 'UTC' } };
    const config = toConfig(timeControls, settings, reader('Europe/Berlin', 'de'));
    assert.deepEqual(config['02_start_time'], ['Startzeit (Europe/Berlin)', { DayTime: 0 }]);
  });
});

describe('fromConfig', () => {
  const post = (body: unknown, controls = thresholdControls, current = defaults(controls)) =>
    fromConfig(controls, body, current, reader());

  it('takes the value only, whatever limits a client sends (protocol §4.4)', () => {
    const form = { ...formOf(thresholdControls), '02_min_threshold': { IntSlider: [40, 41, 7] } };
    assert.equal(post(form)['minThreshold'], 7);
  });

  it('keeps the settings that the form does not show, and ignores unknown keys', () => {
    const current = { ...defaults(thresholdControls), metric: 'light', hysteresis: 3 };
    const form = { ...formOf(thresholdControls), '05_metric': { Switch: false }, other: 1 };
    assert.deepEqual(post(form, thresholdControls, current), current);
  });

  for (const key of Object.keys(formOf(thresholdControls))) {
    it(`refuses a form without ${key} (protocol §3 FIX)`, () => {
      const { [key]: _left, ...rest } = formOf(thresholdControls);
      assert.throws(() => post(rest), refusing(key));
    });
  }

  for (const [key, value] of [
    ['01_active', { IntSlider: [0, 1, 1] }],
    ['01_active', { Switch: 1 }],
    ['01_active', true],
    ['02_min_threshold', { IntSlider: [0, 100, 101] }],
    ['02_min_threshold', { IntSlider: [0, 100, -1] }],
    ['02_min_threshold', { IntSlider: [0, 100, 20.5] }],
    ['02_min_threshold', { IntSlider: [0, 100] }],
    ['02_min_threshold', { TimeSlider: [0, 100, 20, 4] }],
    ['03_action_duration_ms', { TimeSlider: [0, 1e12, 600_001, 40] }],
    ['04_action_cooldown_ms', null],
  ] as const) {
    it(`refuses ${key} as ${JSON.stringify(value)} (protocol §3 FIX)`, () => {
      assert.throws(() => post({ ...formOf(thresholdControls), [key]: value }), refusing(key));
    });
  }

  for (const ms of [-1, 86_400_000]) {
    it(`refuses ${ms} as a time of day (protocol §4.4)`, () => {
      const form = { ...formOf(timeControls), '02_start_time': { DayTime: ms } };
      assert.throws(() => post(form, timeControls), refusing('02_start_time'));
    });
  }

  it('refuses what is no object, and keys that every object has', () => {
    for (const body of [null, [], 'text', 5]) assert.throws(() => post(body), refusing('body'));
    assert.throws(() => post(Object.create(formOf(thresholdControls))), RipeError);
  });

  it('takes a new time of day in the zone of the person who sets it', () => {
    const form = { ...formOf(timeControls), '02_start_time': { DayTime: 5 } };
    const set = fromConfig(timeControls, form, defaults(timeControls), reader('Europe/Berlin'));
    assert.deepEqual(set['start'], { ms: 5, zone: 'Europe/Berlin' });
  });

  it('leaves a time of day in its zone that came back as it was shown', () => {
    const current = { ...defaults(timeControls), start: { ms: 7 * HOUR, zone: 'Europe/Berlin' } };
    assert.deepEqual(post(formOf(timeControls, current), timeControls, current), current);
  });

  it('takes the default of a time of day into the zone of whoever posts it first', () => {
    const unset = defaults(timeControls);
    const berlin = reader('Europe/Berlin');
    const form = withoutLabels(toConfig(timeControls, unset, berlin));
    const { start } = fromConfig(timeControls, form, unset, berlin);
    assert.deepEqual(start, { ms: 2 * HOUR, zone: 'Europe/Berlin' });
  });

  it('changes nothing when a form is posted back as it was read (protocol §4.4)', () => {
    const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York');
    const now = fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2030, 0) });
    for (const { settings: controls } of shippedAgentTypes as readonly { settings: AnyControls }[]) {
      fc.assert(
        fc.property(settingsOf(controls), zone, now, (settings, from, at) => {
          fc.pre(!Object.values(settings).some(isUnsetTime));
          const person = reader(from, 'en', at);
          const form = JSON.parse(JSON.stringify(withoutLabels(toConfig(controls, settings, person))));
          assert.deepEqual(fromConfig(controls, form, settings, person), settings);
        }),
      );
    }
  });
});
