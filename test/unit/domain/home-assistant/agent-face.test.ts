import assert from 'node:assert/strict';
import type { AgentUi } from '../../../../src/domain/agent/agent-ui.ts';
import {
  faceOf,
  forcedPayload,
  runSeconds,
  stateOf,
} from '../../../../src/domain/home-assistant/agent-face.ts';

const ui = (decorator: AgentUi['decorator']): AgentUi => ({ decorator, state: 'Ready', rendered: 'x' });
const pane = faceOf(ui({ TimePane: 30 }));
const percent = faceOf(ui({ Slider: [0, 1, 0.5] }));
const degrees = faceOf(ui({ Slider: [10, 30, 21.5] }));
const bare = faceOf(ui({ Text: null }));

describe('The face of an agent in Home Assistant', () => {
  it('is a switch, a number or a mere value, by the control that it draws', () => {
    assert.deepEqual(
      [pane.platform, percent.platform, degrees.platform, bare.platform],
      ['switch', 'number', 'number', 'sensor'],
    );
  });

  it('shows on and off, percent, and what else a slider stands at', () => {
    assert.deepEqual([stateOf(pane, 1, null), stateOf(pane, 0, null)], ['ON', 'OFF']);
    assert.equal(stateOf(percent, 73, ui({ Slider: [0, 1, 0.73] })), '73');
    assert.equal(stateOf(degrees, 0, ui({ Slider: [10, 30, 21.5] })), '21.5');
    assert.equal(stateOf(percent, 73, null), null);
    assert.equal(stateOf(bare, 7, null), '7');
  });

  it('forces a switch for its usual time, or for the seconds that are asked for', () => {
    assert.equal(forcedPayload(pane, 'ON', 60), 60);
    assert.equal(forcedPayload(pane, 'OFF', 60), -60);
    assert.equal(forcedPayload(pane, '90', 60), 90);
  });

  it('forces a slider to its value times 1000 (protocol §6)', () => {
    assert.equal(forcedPayload(percent, '73', 60), 730);
    assert.equal(forcedPayload(percent, '0', 60), 0);
    assert.equal(forcedPayload(degrees, '21.5', 60), 21_500);
  });

  it('throws at everything else', () => {
    for (const text of ['', 'on', 'toggle', '0', '-5', '86401', '1e3', 'NaN', '٣', 'ON ', '{}']) {
      assert.throws(() => forcedPayload(pane, text, 60), /not ON, OFF or a number of seconds/, text);
    }
    for (const text of ['', '101', '-1', 'ON', '0x10']) {
      assert.throws(() => forcedPayload(percent, text, 60), /no number from 0 to 100/, text);
    }
    assert.throws(() => forcedPayload(degrees, '31', 60), /no number from 10 to 30/);
    assert.throws(() => forcedPayload(bare, '1', 60), /takes no commands/);
  });

  it('runs for the first duration of its settings, or ten minutes', () => {
    const label = { en: 'x', de: 'x' };
    const slider = { kind: 'timeSlider', label, lower: 0, upper: 9e6, steps: 9, default: 0 } as const;
    const controls = {
      active: { kind: 'switch', key: '1', label, default: true },
      first: { ...slider, key: '2' },
      second: { ...slider, key: '3' },
    } as const;
    assert.equal(runSeconds(controls, { active: true, first: 90_000, second: 30_000 }), 90);
    assert.equal(runSeconds(controls, { active: true, first: 0, second: 30_000 }), 30);
    assert.equal(runSeconds(controls, { active: true, first: 0, second: 0 }), 600);
  });
});
