import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { BrokerStandings } from '../../../../src/adapters/garden/broker-standings.ts';

describe('how brokers stand', () => {
  it('is told in the order of the list, since when, and why not', () => {
    const standings = new BrokerStandings();
    standings.list(['a', 'b']);
    assert.deepEqual(standings.all([])[0], { name: 'a', serves: false, since: null, problem: null });
    standings.note('a', 10, 'refused');
    standings.note('a', 20, 'hangs');
    standings.note('b', 30, null);
    assert.deepEqual(standings.all(['b']), [
      { name: 'a', serves: false, since: 10, problem: 'hangs' },
      { name: 'b', serves: true, since: 30, problem: null },
    ]);
  });

  it('is forgotten of what leaves the list, and kept of what stays', () => {
    const standings = new BrokerStandings();
    standings.list(['a', 'b']);
    standings.note('a', 10, null);
    standings.note('b', 10, null);
    standings.list(['b']);
    standings.list(['a', 'b']);
    assert.deepEqual(
      standings.all([]).map(({ since }) => since),
      [null, 10],
    );
  });
});
