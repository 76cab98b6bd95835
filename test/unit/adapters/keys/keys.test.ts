import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { createKey, MemoryKeyRing } from '../../../../src/adapters/keys/key-ring.ts';
import { KEY_ALPHABET, KEY_LENGTH } from '../../../../src/domain/sensor/keys.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

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

describe('A changed key', () => {
  function changed(graceMs: number) {
    const clock = new FakeClock(1_000_000);
    const ring = new MemoryKeyRing(clock);
    ring.set(1, 'first');
    ring.change(1, 'second', clock.now() + graceMs);
    return { clock, ring };
  }

  it('works at once, and the former one to its end, to the millisecond', () => {
    const { clock, ring } = changed(1_000);
    assert.equal(ring.check(1, 'second'), true);
    assert.equal(ring.check(1, 'first'), true);
    assert.equal(ring.formerKeyOf(1), 'first');
    clock.pass(999);
    assert.equal(ring.check(1, 'first'), true);
    clock.pass(1);
    assert.equal(ring.check(1, 'first'), false);
    assert.equal(ring.formerKeyOf(1), undefined);
    assert.equal(ring.check(1, 'second'), true);
  });

  it('is the only present one: a former key cannot change or delete anything', () => {
    const { ring } = changed(1_000);
    assert.equal(ring.isCurrent(1, 'second'), true);
    assert.equal(ring.isCurrent(1, 'first'), false);
    assert.equal(ring.isCurrent(2, 'first'), false);
  });

  it('ends the grace period of the one before, when it is changed again', () => {
    const { clock, ring } = changed(60_000);
    ring.change(1, 'third', clock.now() + 60_000);
    assert.deepEqual(
      ['first', 'second', 'third'].map((key) => ring.check(1, key)),
      [false, true, true],
    );
    assert.deepEqual(
      ring.endedKeys().map(({ key }) => key),
      ['first'],
    );
  });

  it('is told as a change when its grace period ends, and kept until brokers have forgotten it', () => {
    const { clock, ring } = changed(1_000);
    let changes = 0;
    ring.on('changed', () => {
      changes += 1;
    });
    assert.deepEqual(ring.endedKeys(), []);
    clock.pass(1_000);
    assert.deepEqual(ring.endedKeys(), [{ sensor: 1, key: 'first', until: 1_001_000 }]);
    ring.endedKeys();
    assert.equal(changes, 1);
    ring.forget(1, 'first');
    assert.deepEqual(ring.endedKeys(), []);
    assert.equal(ring.formerCount(1), 0);
  });

  it('is gone with its sensor, and so is the former one', () => {
    const { ring } = changed(60_000);
    ring.retire(1);
    assert.equal(ring.check(1, 'first'), false);
    assert.equal(ring.check(1, 'second'), false);
    assert.deepEqual(
      ring.endedKeys().map(({ key }) => key),
      ['first'],
    );
  });

  it('is listed with the former one as long as that works: readings come under both', () => {
    const { clock, ring } = changed(1_000);
    const both = [
      { sensor: 1, key: 'second' },
      { sensor: 1, key: 'first' },
    ];
    assert.deepEqual([...ring.entries()], both);
    clock.pass(1_000);
    assert.deepEqual([...ring.entries()], both.slice(0, 1));
  });

  it('survives a restart with its grace period', () => {
    const clock = new FakeClock(1_000_000);
    const ring = new MemoryKeyRing(clock);
    const former = [
      { sensor: 1, key: 'zero', until: 999_000 },
      { sensor: 1, key: 'first', until: 1_001_000 },
    ];
    ring.load([{ id: 1, key: 'second' }], former);
    assert.equal(ring.check(1, 'first'), true);
    assert.equal(ring.check(1, 'zero'), false);
    assert.equal(ring.formerCount(1), 2);
  });
});
