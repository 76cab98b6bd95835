import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import percent from '../../../plugins/percent/percent.ts';
import { AgentBench } from '../../../src/agent-testing.ts';

const started = () => new AgentBench(percent).start();

describe('PercentAgent', () => {
  it('holds 50 % from its registration on (protocol §6.3)', () => {
    const agent = started();
    assert.equal(agent.value, 50);
    assert.deepEqual(agent.ui(), {
      decorator: { Slider: [0, 1, 0.5] },
      state: 'Ready',
      rendered: '50 %',
    });
  });

  for (const [payload, value] of [
    [730, 73],
    [509, 50],
    [1000, 100],
    [1009, 100],
    [-5, 0],
    [0, 0],
  ] as const) {
    it(`takes the command ${payload} for ${value} % (protocol §6.3)`, () => {
      const agent = started().force(payload);
      assert.ok(Object.is(agent.value, value));
      assert.equal(agent.ui().rendered, `${value} %`);
    });
  }

  for (const payload of [1010, -10, 2 ** 53, -(2 ** 63)]) {
    it(`ignores the command ${payload} (protocol §6.3)`, () => {
      const agent = started().force(payload);
      assert.equal(agent.value, 50);
      assert.equal(agent.code, 'outOfRange');
    });
  }

  it('keeps a commanded value over a restart (protocol §6.3 FIX)', () => {
    const agent = started().force(730);
    agent.value = 0;
    assert.equal(agent.start().value, 73);
  });

  it('goes to 0 when it is switched off, and ignores commands (protocol §6.3)', () => {
    const agent = started().configure({ active: false });
    assert.equal(agent.value, 0);
    assert.equal(agent.force(730).value, 0);
    assert.equal(agent.code, 'inactive');
    assert.deepEqual(agent.ui(), { decorator: { Slider: [0, 1, 0] }, state: 'Disabled', rendered: '0 %' });
  });

  it('stays at 0 when it is switched on again, until it is commanded', () => {
    const agent = started().configure({ active: false }).configure({ active: true });
    assert.equal(agent.value, 0);
    assert.equal(agent.force(250).value, 25);
  });

  it('holds 0 from a start on which it is switched off', () => {
    assert.equal(new AgentBench(percent, { settings: { active: false } }).start().value, 0);
  });

  it('is not moved by readings', () => {
    const agent = started().read({ moisture: 1 });
    assert.equal(agent.value, 50);
    assert.equal(agent.code, 'unaffected');
  });

  it('always holds a whole percentage, whatever it is told', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -20, max: 1020 }))),
        (payloads) => {
          const agent = started();
          for (const payload of payloads) agent.force(payload);
          assert.ok(Number.isInteger(agent.value) && agent.value >= 0 && agent.value <= 100);
        },
      ),
    );
  });
});
