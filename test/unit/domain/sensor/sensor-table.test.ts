import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { SensorTable } from '../../../../src/domain/sensor/sensor-table.ts';

describe('A table of sensors', () => {
  it('holds something of each, by its id', () => {
    const table = new SensorTable<string>();
    table.set(9_999_999, 'last');
    table.set(2, 'second');
    table.set(2, 'again');
    assert.equal(table.size, 2);
    assert.equal(table.get(2), 'again');
    assert.equal(table.get(1), undefined);
    assert.equal(table.has(9_999_999), true);
    assert.deepEqual(new Set(table.values()), new Set(['again', 'last']));
    assert.deepEqual(Object.fromEntries(table.entries()), { 2: 'again', 9999999: 'last' });
  });

  it('forgets who has gone', () => {
    const table = new SensorTable<string>();
    table.set(1, 'first');
    assert.equal(table.delete(1), true);
    assert.equal(table.delete(1), false);
    assert.equal(table.size, 0);
    assert.deepEqual([...table.values()], []);
  });
});
