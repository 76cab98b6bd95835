import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { dryLimit } from '../../../../src/domain/sensor/dry-limit.ts';

const agent = (settings: Record<string, boolean | number | string>) => ({ settings });

describe('dryLimit', () => {
  it('is the highest limit of the agents that water by moisture', () => {
    assert.equal(dryLimit([agent({ minThreshold: 20 }), agent({ minThreshold: 35, active: true })]), 35);
  });

  it('is null where none does', () => {
    assert.equal(dryLimit([]), null);
    const others = [
      { minThreshold: 20, active: false },
      { minThreshold: 20, metric: 'temperature' },
      { minThreshold: 20, direction: 'above' },
      { minThreshold: 0 },
      { level: 20 },
    ];
    for (const settings of others)
      assert.equal(dryLimit([agent(settings as never)]), null, JSON.stringify(settings));
  });
});
