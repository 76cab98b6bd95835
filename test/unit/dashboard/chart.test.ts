import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { sparkShape } from '../../../dashboard/ui/overview/spark-shape.ts';
import { agentColours } from '../../../dashboard/ui/sensor/agent-colours.ts';
import { roomFor, timeLabel } from '../../../dashboard/ui/sensor/chart-scale.ts';
import { barsOf } from '../../../dashboard/ui/sensor/lane-bars.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('The scale of a chart', () => {
  it('has air above and below, and holds the limit, too', () => {
    assert.deepEqual(roomFor(20, 70, null), [14, 76]);
    assert.deepEqual(roomFor(40, 60, 10), [4, 66]);
    assert.deepEqual(roomFor(-5, 5, null), [-6.2, 6.2]);
  });

  it('does not go below zero for values that do not', () => {
    assert.deepEqual(roomFor(1, 51, null), [0, 57]);
    assert.equal(roomFor(0, 0, null)[0], 0);
  });

  it('makes no mountain of a steady value, and stands for nothing measured', () => {
    assert.deepEqual(roomFor(40, 40, null), [39.5, 40.5]);
    assert.deepEqual(roomFor(null, null, null), [0, 1]);
  });

  it('names times as finely as they are apart', () => {
    const at = new Date(2026, 5, 9, 6, 30).getTime();
    assert.equal(timeLabel(at, 1_800, 'de'), '06:30');
    assert.equal(timeLabel(new Date(2026, 5, 9).getTime(), 1_800, 'de'), '9. Juni');
    assert.equal(timeLabel(at, 86_400, 'en'), 'Jun 9');
    assert.equal(timeLabel(at, 30 * 86_400, 'en'), 'Jun');
  });
});

describe('The bars of an agent', () => {
  const span = { from: 0, until: 100 * HOUR };
  const now = 90 * HOUR;
  const bars = (from: number, until: number | null, domain = 'a') =>
    barsOf([{ domain, from: from * HOUR, until: until === null ? null : until * HOUR }], 'a', span, now).map(
      ({ left, width, isOpen }) => [left, width, isOpen],
    );

  it('stand where they were on the time axis, cut to what is shown', () => {
    assert.deepEqual(bars(10, 35), [[10, 25, false]]);
    assert.deepEqual(bars(-20, 5), [[0, 5, false]]);
    assert.deepEqual(bars(95, 200), [[95, 5, false]]);
  });

  it('go on to now where they are not over', () => {
    assert.deepEqual(bars(80, null), [[80, 10, true]]);
  });

  it('are to be seen, however short they were, also at the end', () => {
    assert.deepEqual(bars(10, 10.001), [[10, 0.4, false]]);
    assert.deepEqual(bars(99.9, 100), [[99.6, 0.4, false]]);
  });

  it('are one where they are closer than they can be drawn, and none that is on all the time', () => {
    const runs = [10, 10.3, 10.6, 40].map((hour) => ({
      domain: 'a',
      from: hour * HOUR,
      until: (hour + 0.1) * HOUR,
    }));
    const found = barsOf(runs, 'a', span, now).map(({ left, band }) => [left, band.count]);
    assert.deepEqual(found, [
      [10, 3],
      [40, 1],
    ]);
  });

  it('are not one with what was on for long', () => {
    const [long, short] = [
      { domain: 'a', from: 0, until: 30 * HOUR },
      { domain: 'a', from: 30.1 * HOUR, until: 30.2 * HOUR },
    ];
    assert.deepEqual(
      barsOf([long, short], 'a', span, now).map(({ band }) => band.count),
      [1, 1],
    );
  });

  it('are of this agent, and of this span', () => {
    assert.deepEqual([bars(10, 20, 'b'), bars(-20, -10), bars(100, 110)], [[], [], []]);
  });
});

describe('The sparkline of a card', () => {
  it('lies between its least and its most, over the width of a day', () => {
    const { line, least, most } = sparkShape(
      [
        [0, 20],
        [DAY / 2, 60],
        [DAY, 40],
      ],
      DAY,
    );
    assert.equal(line, '0.0,33.0 60.0,3.0 120.0,18.0');
    assert.deepEqual([least, most], [20, 60]);
  });

  it('draws a steady value in the middle, and what is of before at the edge', () => {
    assert.equal(
      sparkShape(
        [
          [-HOUR, 40],
          [DAY, 40],
        ],
        DAY,
      ).line,
      '0.0,18.0 120.0,18.0',
    );
  });
});

describe('The colours of agents', () => {
  it('go by the order of their domains, and begin anew after the last', () => {
    const domains = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    for (const isDark of [false, true]) {
      const colours = agentColours(domains, isDark);
      assert.equal(new Set(colours.values()).size, 6);
      assert.equal(colours.get('g'), colours.get('a'));
    }
    assert.notEqual(agentColours(['a'], true).get('a'), agentColours(['a'], false).get('a'));
  });
});
