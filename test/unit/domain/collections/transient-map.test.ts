import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { TransientMap } from '../../../../src/domain/collections/transient-map.ts';
import { TransientSet } from '../../../../src/domain/collections/transient-set.ts';

const steps = fc.array(fc.tuple(fc.constantFrom('set', 'set', 'delete', 'clear'), fc.nat(60)), {
  minLength: 200,
  maxLength: 400,
});

describe('A map whose entries come and go', () => {
  it('holds what a Map would, in the same order', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const [ours, plain] = [new TransientMap<number, number>(), new Map<number, number>()];
        taken.forEach(([step, key], place) => {
          if (step === 'set') ours.set(key, place);
          if (step === 'set') plain.set(key, place);
          if (step === 'delete') assert.equal(ours.delete(key), plain.delete(key));
          if (step === 'clear' && key === 0) [ours, plain].forEach((each) => void each.clear());
          assert.equal(ours.size, plain.size);
          assert.equal(ours.get(key), plain.get(key));
        });
        assert.deepEqual([...ours], [...plain]);
        assert.deepEqual([...ours.keys()], [...plain.keys()]);
        assert.deepEqual([...ours.values()], [...plain.values()]);
      }),
    );
  });
});

describe('A set whose entries come and go', () => {
  it('holds what a Set would, in the same order', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const [ours, plain] = [new TransientSet<number>(), new Set<number>()];
        for (const [step, value] of taken) {
          if (step === 'set') ours.add(value);
          if (step === 'set') plain.add(value);
          if (step === 'delete') assert.equal(ours.delete(value), plain.delete(value));
          if (step === 'clear' && value === 0) [ours, plain].forEach((each) => void each.clear());
          assert.equal(ours.has(value), plain.has(value));
        }
        assert.equal(ours.size, plain.size);
        assert.deepEqual([...ours], [...plain]);
      }),
    );
  });
});
