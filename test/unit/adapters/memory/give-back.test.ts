import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { giveBackMemory } from '../../../../src/adapters/memory/give-back.ts';

const MIB = 1_048_576;

describe('Giving memory back', () => {
  it('leaves what is not in use to the system, and nobody a way to do that', () => {
    let passing: unknown[] | null = Array.from({ length: 500_000 }, (_, place) => ({ place }));
    assert.equal(passing.length, 500_000);
    passing = null;
    const before = process.memoryUsage().heapUsed;
    giveBackMemory();
    assert.ok(process.memoryUsage().heapUsed < before - 10 * MIB);
    assert.equal('gc' in globalThis, false);
  });
});
