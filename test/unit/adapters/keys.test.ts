import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { createKey, MemoryKeyRing } from '../../../src/adapters/keys/key-ring.ts';
import { KEY_ALPHABET, KEY_LENGTH } from '../../../src/domain/keys.ts';

function ringOf(keys: Record<number, string>): { ring: MemoryKeyRing; changes: () => number } {
  const ring = new MemoryKeyRing();
  ring.load(Object.entries(keys).map(([id, key]) => ({ id: Number(id), key })));
  let count = 0;
  ring.on('changed', () => {
    count += 1;
  });
  return { ring, changes: () => count };
}

describe('createKey', () => {
  it('makes keys that fit topics and paths, each another (protocol §1)', () => {
    const keys = Array.from({ length: 500 }, createKey);
    for (const key of keys) assert.match(key, new RegExp(`^[${KEY_ALPHABET}]{${KEY_LENGTH}}$`));
    assert.equal(new Set(keys).size, keys.length);
  });

  it('uses an alphabet of letters and digits without look-alikes', () => {
    assert.match(KEY_ALPHABET, /^[A-Za-z0-9]+$/);
    assert.doesNotMatch(KEY_ALPHABET, /[0O1Il]/);
    assert.equal(new Set(KEY_ALPHABET).size, KEY_ALPHABET.length);
  });
});

describe('A key ring', () => {
  it('knows the key of each sensor, of any length, and minds case (protocol §1)', () => {
    const { ring } = ringOf({ 1: 'abcdef', 2: 'x'.repeat(12) });
    assert.equal(ring.check(1, 'abcdef'), true);
    assert.equal(ring.check(2, 'x'.repeat(12)), true);
    for (const wrong of ['ABCDEF', 'abcde', 'abcdefg', '', 'x'.repeat(12)])
      assert.equal(ring.check(1, wrong), false);
  });

  it('refuses every key of an unknown sensor, also the empty one', () => {
    const { ring } = ringOf({});
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (key) => assert.equal(ring.check(7, key), false)));
    assert.equal(ring.check(7, '\0'.repeat(KEY_LENGTH)), false);
  });

  it('takes exactly the one key that was set', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string(), (key, other) => {
        const { ring } = ringOf({ 1: key });
        assert.equal(ring.check(1, key), true);
        assert.equal(ring.check(1, other), other === key);
      }),
    );
  });

  it('refuses the key of a retired sensor, but still tells it for the last vector', () => {
    const { ring, changes } = ringOf({ 1: 'one', 2: 'two' });
    ring.retire(1);
    assert.equal(ring.check(1, 'one'), false);
    assert.equal(ring.keyOf(1), 'one');
    assert.deepEqual([...ring.entries()], [{ sensor: 2, key: 'two' }]);
    assert.equal(changes(), 1);
    ring.retire(1);
    ring.retire(99);
    assert.equal(ring.keyOf(1), 'one');
    assert.equal(ring.keyOf(99), undefined);
  });

  it('remembers sensors that an earlier run retired, and nobody can use their keys', () => {
    const { ring } = ringOf({ 1: 'one' });
    ring.loadRetired(5, 'five');
    ring.loadRetired(1, 'other');
    assert.equal(ring.keyOf(5), 'five');
    assert.equal(ring.check(5, 'five'), false);
    assert.equal(ring.keyOf(1), 'one');
  });

  it('tells when sensors come, once for many at once', () => {
    const { ring, changes } = ringOf({});
    ring.set(1, 'one');
    ring.load([
      { id: 2, key: 'two' },
      { id: 3, key: 'three' },
    ]);
    assert.equal(changes(), 2);
    assert.equal([...ring.entries()].length, 3);
  });
});
