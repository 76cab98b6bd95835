import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { shippedAgentTypes } from '../../../plugins/index.ts';
import type { Control } from '../../../src/agent.ts';
import { type AnyControls, accepts } from '../../../src/domain/agent/settings-controls.ts';
import { explained } from '../../support/agent-checks.ts';

describe('shipped agent types', () => {
  it('have the names that clients register (protocol §6)', () => {
    const names = shippedAgentTypes.map((type) => type.name);
    assert.deepEqual(names, ['ThresholdAgent', 'TimeAgent', 'PercentAgent', 'TestAgent']);
  });

  for (const type of shippedAgentTypes) {
    const controls: Control[] = Object.values(type.settings as AnyControls);

    it(`${type.name} explains the same codes with the same figures in both languages`, () => {
      assert.deepEqual(explained(type, 'de'), explained(type, 'en'));
    });

    it(`${type.name} has settings with unique keys and defaults within their limits (protocol §4.4)`, () => {
      assert.equal(new Set(controls.map((control) => control.key)).size, controls.length);
      for (const control of controls) assert.ok(accepts(control, control.default), control.key);
    });
  }
});
