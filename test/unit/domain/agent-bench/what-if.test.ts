import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import threshold from '../../../../plugins/threshold/threshold.ts';
import time from '../../../../plugins/time/time.ts';
import type { AgentType } from '../../../../src/domain/agent/agent-contract.ts';
import { completeSettings } from '../../../../src/domain/agent/settings-controls.ts';
import { replay } from '../../../../src/domain/agent-bench/what-if.ts';
import type { Reading } from '../../../../src/domain/reading/reading.ts';

const HOUR = 3_600_000;
const T = Date.UTC(2026, 5, 1);
const range = { from: T, until: T + 24 * HOUR };
const reading = (hour: number, moisture: number): Reading => ({
  timestamp: T + hour * HOUR,
  moisture,
  battery: null,
  temperature: null,
  humidity: null,
  carbon: null,
  conductivity: null,
  light: null,
});
/** A soil that dries from 50 % by 2 % an hour. */
const drying = Array.from({ length: 24 }, (_, hour) => reading(hour, 50 - 2 * hour));

function replayed(type: unknown, settings: object, readings = drying) {
  const agentType = type as AgentType<unknown, object>;
  return replay(agentType, {
    settings: completeSettings(agentType.settings as never, settings as never),
    range,
    readings,
  }).spans;
}

describe('replay', () => {
  it('runs as the agent type would have run, at the times of the readings', () => {
    const spans = replayed(threshold, { minThreshold: 7, actionDurationMs: 60_000 });
    assert.deepEqual(
      spans,
      [22, 23].map((hour) => ({ from: T + hour * HOUR, until: T + hour * HOUR + 60_000 })),
    );
  });

  it('runs more often with a higher limit, and never with a limit of 0', () => {
    assert.equal(replayed(threshold, { minThreshold: 21 }).length, 9);
    assert.equal(replayed(threshold, { minThreshold: 0 }).length, 0);
  });

  it('heeds pauses, and ends what runs with the time that is replayed', () => {
    const settings = { minThreshold: 100, actionCooldownMs: HOUR, actionDurationMs: 600_000 };
    assert.equal(replayed(threshold, settings).length, 12);
    const late = replayed(threshold, { minThreshold: 100, actionDurationMs: 600_000 }, [reading(23.95, 5)]);
    assert.deepEqual(late, [{ from: T + 23.95 * HOUR, until: range.until }]);
  });

  it('leaves out readings of another time', () => {
    const outside = [reading(-1, 5), reading(24, 5), reading(30, 5)];
    assert.deepEqual(replayed(threshold, { minThreshold: 20 }, outside), []);
  });

  it('wakes agents that go by the clock', () => {
    const spans = replayed(time, {}, []);
    for (const { from, until } of spans) assert.ok(from >= T && until > from && until <= range.until);
    const controls = Object.keys(time.settings);
    assert.ok(controls.length > 0);
  });
});
