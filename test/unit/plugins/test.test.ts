import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import test from '../../../plugins/test/test.ts';
import { AgentBench } from '../../../src/agent-testing.ts';

describe('TestAgent', () => {
  it('declares the four variants that the app can draw (protocol §6.4)', () => {
    const kinds = Object.values(test.settings).map((control) => control.kind);
    assert.deepEqual(kinds, ['switch', 'dayTime', 'timeSlider', 'intSlider']);
  });

  it('is drawn as a slider and is always ready (protocol §6.4)', () => {
    const agent = new AgentBench(test).start().force(730);
    assert.equal(agent.value, 73);
    assert.deepEqual(agent.ui().decorator, { Slider: [0, 1, 0.73] });
    assert.equal(agent.ui().state, 'Ready');
  });

  it('ignores what is no percentage', () => {
    const agent = new AgentBench(test).start().force(1010);
    assert.equal(agent.value, 0);
  });

  it('tells the settings that it got, in the language of the reader', () => {
    const agent = new AgentBench(test)
      .start()
      .configure({ toggle: false, time: { ms: 30_600_000, zone: 'Europe/Berlin' }, level: 7 });
    assert.equal(agent.ui('de').rendered, '0 % · aus · 08:30 Europe/Berlin · 60 s · 7');
  });

  it('keeps its value over a restart and over readings', () => {
    const agent = new AgentBench(test).start().force(400).read({ moisture: 3 }).start();
    assert.equal(agent.value, 40);
  });
});
