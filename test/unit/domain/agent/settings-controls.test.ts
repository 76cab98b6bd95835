import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { shippedAgentTypes } from '../../../../plugins/index.ts';
import {
  type AnyControls,
  accepts,
  type Control,
  completeSettings,
} from '../../../../src/domain/agent/settings-controls.ts';

const label = { en: 'Label', de: 'Name' };
const common = { key: '01_key', label };
const CONTROLS: Record<Control['kind'], Control> = {
  switch: { ...common, kind: 'switch', default: true },
  dayTime: { ...common, kind: 'dayTime', default: { ms: 0, zone: 'UTC' } },
  timeSlider: { ...common, kind: 'timeSlider', lower: 0, upper: 1000, steps: 10, default: 5 },
  intSlider: { ...common, kind: 'intSlider', lower: -5, upper: 5, default: 0 },
  number: { ...common, kind: 'number', app: false, lower: 0, default: 0.5 },
  choice: { ...common, kind: 'choice', app: false, options: ['a', 'b'], default: 'a' },
  text: { ...common, kind: 'text', app: false, default: '' },
};

const CASES: readonly [Control['kind'], unknown, boolean][] = [
  ['switch', false, true],
  ['switch', 0, false],
  ['dayTime', { ms: 86_399_999, zone: 'Europe/Berlin' }, true],
  ['dayTime', { ms: 86_400_000, zone: 'UTC' }, false],
  ['dayTime', { ms: -1, zone: 'UTC' }, false],
  ['dayTime', { ms: 0.5, zone: 'UTC' }, false],
  ['dayTime', { ms: 1 }, false],
  ['dayTime', null, false],
  ['timeSlider', 1000, true],
  ['timeSlider', 1001, false],
  ['timeSlider', 1.5, false],
  ['intSlider', -5, true],
  ['intSlider', -6, false],
  ['intSlider', '3', false],
  ['number', 1e9, true],
  ['number', -0.1, false],
  ['number', Number.NaN, false],
  ['number', Number.POSITIVE_INFINITY, false],
  ['choice', 'b', true],
  ['choice', 'c', false],
  ['text', 'x'.repeat(64), true],
  ['text', 'x'.repeat(65), false],
];

describe('accepts', () => {
  for (const [kind, value, isAccepted] of CASES) {
    it(`${isAccepted ? 'takes' : 'refuses'} ${JSON.stringify(value)} for a ${kind}`, () => {
      assert.equal(accepts(CONTROLS[kind], value), isAccepted);
    });
  }
});

describe('completeSettings', () => {
  it('overlays the defaults by what is stored, and drops names that no control has', () => {
    const controls = { on: CONTROLS.switch, level: CONTROLS.intSlider };
    assert.deepEqual(completeSettings(controls, {}), { on: true, level: 0 });
    assert.deepEqual(completeSettings(controls, { level: 3, gone: 1 }), { on: true, level: 3 });
  });

  it('leaves settings as they are that are complete, and nothing else', () => {
    const controls = { on: CONTROLS.switch, level: CONTROLS.intSlider };
    const stored = { on: false, level: 3 };
    assert.equal(completeSettings(controls, stored), stored);
    for (const other of [
      { level: 3, on: false },
      { on: false, level: 9 },
      { on: false, level: 3, gone: 1 },
    ]) {
      const complete = completeSettings(controls, other);
      assert.notEqual(complete, other);
      assert.deepEqual(Object.keys(complete), ['on', 'level']);
    }
  });

  it('takes the default for what its control cannot hold any more', () => {
    assert.deepEqual(completeSettings({ level: CONTROLS.intSlider }, { level: 99 }), { level: 0 });
  });

  it('makes settings that every control accepts, out of anything', () => {
    for (const { settings } of shippedAgentTypes) {
      const controls = settings as AnyControls;
      const stored = fc.dictionary(fc.constantFrom(...Object.keys(controls), 'other'), fc.anything());
      fc.assert(
        fc.property(stored, (values) => {
          const complete = completeSettings(controls, values);
          assert.deepEqual(Object.keys(complete), Object.keys(controls));
          for (const [name, control] of Object.entries(controls)) assert.ok(accepts(control, complete[name]));
        }),
      );
    }
  });
});
