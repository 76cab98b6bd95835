import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { shippedAgentTypes } from '../../../../plugins/index.ts';
import { parseDecision, parseDescription, parseUi } from '../../../../src/domain/agent/agent-check.ts';
import { RipeError } from '../../../../src/domain/errors.ts';

const because = { code: 'why' };
const label = { en: 'Label', de: 'Name' };
const control = (parts: object = {}) => ({ kind: 'switch', key: '01_on', label, default: true, ...parts });
const description = (parts: object = {}) => ({
  name: 'FernAgent',
  version: '1.2.3',
  apiVersion: 1,
  settings: {},
  neutral: 0,
  explanations: { en: { why: 'So.' }, de: { why: 'Darum.' } },
  ...parts,
});
const ui = (parts: object = {}) => ({ decorator: { TimePane: 30 }, state: 'Ready', rendered: 'x', ...parts });

/** The field that a check names; null where it takes the value. */
function fieldOf(check: (value: unknown) => unknown, value: unknown): unknown {
  try {
    assert.equal(check(value), value);
    return null;
  } catch (error) {
    assert.ok(error instanceof RipeError, String(error));
    return error.params['field'];
  }
}

describe('parseDecision', () => {
  for (const decision of [
    { because },
    { because: { code: 'why', params: { a: 1, b: 'x', c: null, d: true } }, state: { any: [1] } },
    { because, hold: -2_147_483_648, wakeAt: null },
    { because, job: 'cancel', wakeAt: 0 },
    { because, job: { steps: [{ set: 1 }, { wait: 5 }] } },
  ]) {
    it(`takes ${JSON.stringify(decision)}`, () => assert.equal(fieldOf(parseDecision, decision), null));
  }

  for (const [decision, field] of [
    [undefined, 'decision'],
    [null, 'decision'],
    [[], 'because'],
    [{}, 'because'],
    [{ because: {} }, 'because.code'],
    [{ because: { code: '' } }, 'because.code'],
    [{ because, hold: 0.5 }, 'hold'],
    [{ because, hold: 2 ** 31 }, 'hold'],
    [{ because, wakeAt: -1 }, 'wakeAt'],
    [{ because, wakeAt: 1e300 }, 'wakeAt'],
  ] as const) {
    it(`refuses ${JSON.stringify(decision)}, naming ${field}`, () => {
      const named = fieldOf(parseDecision, decision);
      assert.ok(named === field || (Array.isArray(decision) && named === 'decision'));
    });
  }

  for (const job of ['stop', { steps: [] }, { steps: [{ set: 'on' }] }, { steps: [{ wait: -1 }] }, {}]) {
    it(`refuses the job ${JSON.stringify(job)}`, () => {
      assert.notEqual(fieldOf(parseDecision, { because, job }), null);
    });
  }

  it('never throws anything but an error that names a field', () => {
    fc.assert(fc.property(fc.anything(), (value) => void fieldOf(parseDecision, value)));
    fc.assert(fc.property(fc.anything(), (job) => void fieldOf(parseDecision, { because, job })));
  });
});

describe('parseUi', () => {
  for (const looks of [
    ui(),
    ui({ decorator: { Slider: [0, 1, 0.5] } }),
    ui({ decorator: { Text: null }, state: 'Disabled' }),
    ui({ state: { Forced: 0 } }),
  ]) {
    it(`takes ${JSON.stringify(looks)} (protocol §4.3)`, () => assert.equal(fieldOf(parseUi, looks), null));
  }

  for (const bad of [
    { decorator: 'Text' },
    { decorator: {} },
    { decorator: { TimePane: 30, Text: null } },
    { decorator: { TimePane: 0.5 } },
    { decorator: { TimePane: 0 } },
    { decorator: { Slider: [0, 1] } },
    { decorator: { Slider: [0, 1, 2] } },
    { decorator: { Slider: [0.5, 1, 0] } },
    { decorator: { Slider: [0, 1, null] } },
    { state: 'Running' },
    { state: { Forced: null } },
    { state: { Forced: 9e15 } },
    { state: { Forced: 0, Stopped: 0 } },
    { rendered: '' },
    { rendered: 5 },
  ]) {
    it(`refuses ${JSON.stringify(bad)}: an app could not draw it (protocol §4.3)`, () => {
      assert.notEqual(fieldOf(parseUi, ui(bad)), null);
    });
  }
});

describe('parseDescription', () => {
  for (const agentType of shippedAgentTypes) {
    it(`takes the shipped ${agentType.name}`, () => assert.equal(fieldOf(parseDescription, agentType), null));
  }

  for (const [parts, field] of [
    [{ name: undefined }, 'name'],
    [{ name: '1st' }, 'name'],
    [{ name: 'a b' }, 'name'],
    [{ version: '1.0' }, 'version'],
    [{ apiVersion: 2 }, 'apiVersion'],
    [{ neutral: 0.5 }, 'neutral'],
    [{ limits: { longestRunMs: 0 } }, 'limits.longestRunMs'],
    [{ explanations: { en: {} } }, 'explanations.de'],
    [{ settings: { on: control({ key: '' }) } }, 'settings.on.key'],
    [{ settings: { on: control({ label: { en: 'x' } }) } }, 'settings.on.label.de'],
    [{ settings: { on: control({ kind: 'knob' }) } }, 'settings.on.kind'],
    [{ settings: { on: control({ default: 1 }) } }, 'settings.on.default'],
    [{ settings: { on: control({ kind: 'choice' }) } }, 'settings.on.options'],
    [
      { settings: { on: control({ kind: 'intSlider', lower: 0, upper: 5, default: 6 }) } },
      'settings.on.default',
    ],
  ] as const) {
    it(`refuses ${JSON.stringify(parts)}, naming ${field}`, () => {
      assert.equal(fieldOf(parseDescription, description(parts)), field);
    });
  }

  it('refuses two controls of one key: a form could not hold both', () => {
    const settings = { on: control(), off: control() };
    assert.notEqual(fieldOf(parseDescription, description({ settings })), null);
  });

  it('refuses sliders whose limits are no integers (protocol §4.4)', () => {
    const slider = { kind: 'timeSlider', lower: 0, upper: 10, steps: 5, default: 5 };
    assert.equal(fieldOf(parseDescription, description({ settings: { on: control(slider) } })), null);
    for (const bad of [{ lower: 0.5 }, { upper: 9.5 }, { steps: 1.5 }, { steps: 0 }, { steps: undefined }]) {
      const settings = { on: control({ ...slider, ...bad }) };
      assert.notEqual(fieldOf(parseDescription, description({ settings })), null, JSON.stringify(bad));
    }
  });
});
