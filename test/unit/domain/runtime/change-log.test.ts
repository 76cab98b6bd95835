import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { ChangeLog } from '../../../../src/domain/runtime/change-log.ts';

describe('Changes in the log', () => {
  it('are told of each sensor up to so many times a minute, and that there are more', () => {
    const lines: string[] = [];
    let now = 1_000_000;
    const log = new ChangeLog({ info: (line) => lines.push(line) }, { now: () => now });
    for (let n = 0; n < 100; n += 1) log.tell(7, `sensor 7: change ${n}`);
    assert.equal(lines.length, 21);
    assert.equal(lines.at(-1), 'sensor 7: what else changes within this minute is not logged');
    log.tell(8, 'sensor 8: change');
    assert.equal(lines.at(-1), 'sensor 8: change');
    now += 60_000;
    log.tell(7, 'sensor 7: later');
    assert.equal(lines.at(-1), 'sensor 7: later');
    now -= 600_000;
    log.tell(7, 'sensor 7: after the clock was set back');
    assert.equal(lines.at(-1), 'sensor 7: after the clock was set back');
  });

  it('share the lines of sensors that come and go', () => {
    const lines: string[] = [];
    const log = new ChangeLog({ info: (line) => lines.push(line) }, { now: () => 0 });
    for (let n = 0; n < 100; n += 1) log.tellOfSensors(`sensor ${n} is registered`);
    assert.equal(lines.length, 21);
  });
});
