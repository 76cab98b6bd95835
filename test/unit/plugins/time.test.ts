import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { TimeSettings } from '../../../plugins/time/settings.ts';
import time from '../../../plugins/time/time.ts';
import { AgentBench } from '../../../src/agent-testing.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const utc = (hours: number) => ({ ms: hours * HOUR, zone: 'UTC' });
/** Hours of the first of June, UTC. */
const at = (hours: number) => Date.UTC(2026, 5, 1) + hours * HOUR;

/** Open from 08:00 to 12:00 UTC, unless told otherwise. */
function started(hours: number, settings: Partial<TimeSettings> = {}) {
  const window = { start: utc(8), durationMs: 4 * HOUR };
  return new AgentBench(time, { now: at(hours), settings: { ...window, ...settings } }).start();
}

describe('TimeAgent by the clock', () => {
  it('has the defaults of the original (protocol §6.2)', () => {
    const agent = new AgentBench(time).start();
    assert.deepEqual(agent.settings.start, { ms: 0, zone: 'UTC' });
    assert.equal(agent.settings.durationMs, 0);
    assert.deepEqual(agent.ui(), {
      decorator: { TimePane: 60 },
      state: 'Ready',
      rendered: '00:00–00:00 · off',
    });
    assert.equal(agent.wakeAt, null);
  });

  it('is open strictly between start and end, to the second (protocol §6.2)', () => {
    const agent = started(7);
    assert.equal(agent.passTo(at(8) + 999).value, 0);
    assert.equal(agent.pass(1).value, 1);
    assert.deepEqual(agent.ui().state, { Executing: at(12) });
    assert.equal(agent.passTo(at(12) - 1).value, 1);
    assert.equal(agent.pass(1).value, 0);
    assert.equal(agent.ui().state, 'Ready');
  });

  it('is on at once where it starts within its window', () => {
    const agent = started(9);
    assert.equal(agent.value, 1);
    assert.equal(agent.job?.endsAt, at(12));
  });

  it('spans midnight (protocol §6.2)', () => {
    const agent = started(3, { start: utc(20), durationMs: 12 * HOUR });
    assert.equal(agent.job?.endsAt, at(8));
    assert.equal(agent.passTo(at(21)).job?.endsAt, at(32));
  });

  it('is woken once a day, and never polls', () => {
    const agent = started(7).pass(10 * DAY);
    assert.equal(agent.wakes, 10);
    assert.equal(agent.sent.length, 20);
  });

  it('opens the next window also where nobody reports the end of the last one', () => {
    const agent = started(7);
    agent.tellsEnds = false;
    assert.equal(agent.passTo(at(33)).value, 1);
  });

  it('answers readings with nothing', () => {
    const agent = started(9).read({ moisture: 3 });
    assert.deepEqual(agent.last, { because: { code: 'unaffected' } });
  });

  it('is always on with 24 h: a held value without a wake-up (protocol §6.2 FIX a)', () => {
    const agent = started(7, { durationMs: DAY });
    assert.deepEqual([agent.value, agent.job, agent.wakeAt], [1, null, null]);
    assert.deepEqual(agent.ui().state, { Executing: at(8) });
    assert.equal(agent.ui().rendered, '08:00–08:00 · always on');
    assert.deepEqual(agent.pass(3 * DAY).sent.length, 1);
    assert.deepEqual(agent.ui().state, { Executing: at(80) });
  });

  it('goes from a window to 24 h and back without a blink', () => {
    const agent = started(9)
      .configure({ durationMs: DAY })
      .configure({ durationMs: 4 * HOUR });
    assert.equal(agent.job?.endsAt, at(12));
    assert.equal(agent.sent.length, 1);
  });
});

describe('TimeAgent with several windows', () => {
  it('opens each of them', () => {
    const agent = started(7, {
      secondStart: utc(14),
      secondDurationMs: HOUR,
      thirdStart: utc(16),
      thirdDurationMs: HOUR,
    });
    agent.pass(DAY);
    const hours = agent.sent.map((sent) => (sent.at - at(0)) / HOUR);
    assert.deepEqual(hours.map(Math.floor), [8, 12, 14, 15, 16, 17]);
    assert.equal(agent.ui().rendered, '08:00–12:00, 14:00–15:00, 16:00–17:00 · off');
  });

  it('does not blink where they touch or overlap', () => {
    const agent = started(9, {
      secondStart: utc(12),
      secondDurationMs: 2 * HOUR,
      thirdStart: utc(13),
      thirdDurationMs: 3 * HOUR,
    });
    assert.equal(agent.job?.endsAt, at(16));
    agent.passTo(at(23));
    assert.equal(agent.sent.length, 2);
  });

  it('holds on where they fill the day: no run without an end would outlast the longest', () => {
    const fill = {
      secondStart: utc(12),
      secondDurationMs: 12 * HOUR,
      thirdStart: utc(0),
      thirdDurationMs: 8 * HOUR,
    };
    const agent = started(9, fill);
    for (let day = 0; day < 10; day += 1) {
      agent.pass(DAY);
      assert.deepEqual([agent.job, agent.value], [null, 1]);
    }
    assert.equal(agent.sent.length, 1);
    assert.equal(agent.wakes, 0);
  });
});

describe('TimeAgent by command', () => {
  it('is Forced for the seconds of the command when it is Ready (protocol §6.2)', () => {
    const agent = started(1).force(600);
    assert.deepEqual(agent.ui().state, { Forced: at(1) + 600 * SECOND });
    assert.equal(agent.pass(600 * SECOND).value, 0);
    assert.equal(agent.ui().state, 'Ready');
  });

  it('gives a Forced run a new end, later or earlier, without a blink (protocol §6.2)', () => {
    const agent = started(1).force(600).force(1200).force(60);
    assert.deepEqual(agent.ui().state, { Forced: at(1) + MINUTE });
    agent.pass(MINUTE);
    assert.deepEqual(
      agent.sent.map(({ value }) => value),
      [1, 0],
    );
  });

  it('ends Forced for what the clock says (protocol §6.2)', () => {
    assert.equal(started(1).force(600).force(-60).value, 0);
    const inWindow = started(7.5)
      .force(2 * 3600)
      .passTo(at(8.5))
      .force(-60);
    assert.deepEqual(inWindow.ui().state, { Executing: at(12) });
    assert.equal(inWindow.sent.length, 1);
  });

  it('goes from Forced into a window without a blink, and shows both ends', () => {
    const agent = started(7.5).force(3600);
    assert.equal(agent.job?.endsAt, at(12));
    assert.deepEqual(agent.passTo(at(8.5) - 1).ui().state, { Forced: at(8.5) });
    assert.deepEqual(agent.pass(1).ui().state, { Executing: at(12) });
    assert.deepEqual(agent.state, { mode: 'clock' });
    agent.passTo(at(13));
    assert.deepEqual(
      agent.sent.map((sent) => sent.at),
      [at(7.5), at(12)],
    );
  });

  it('does not blink where Forced ends just when a window starts', () => {
    const agent = started(7.5).force(1800).passTo(at(13));
    assert.deepEqual(
      agent.sent.map((sent) => sent.at),
      [at(7.5), at(12)],
    );
  });

  it('takes no notice of on when it is Executing (protocol §6.2)', () => {
    const agent = started(9).force(60);
    assert.equal(agent.code, 'alreadyOn');
    assert.deepEqual(agent.ui().state, { Executing: at(12) });
  });

  it('is Stopped for the seconds of an off when it is Executing (protocol §6.2)', () => {
    const agent = started(9).force(-600);
    assert.equal(agent.value, 0);
    assert.deepEqual(agent.ui().state, { Stopped: at(9) + 600 * SECOND });
    assert.equal(agent.pass(600 * SECOND).value, 1);
    assert.deepEqual(agent.ui().state, { Executing: at(12) });
  });

  it('stays off after Stopped where the window is over by then', () => {
    const agent = started(11)
      .force(-2 * 3600)
      .pass(2 * HOUR);
    assert.equal(agent.ui().state, 'Ready');
    assert.equal(agent.sent.length, 2);
    assert.equal(agent.passTo(at(33)).value, 1);
  });

  it('cancels the stop by on (protocol §6.2)', () => {
    assert.deepEqual(started(9).force(-600).force(60).ui().state, { Executing: at(12) });
    assert.equal(started(11.5).force(-7200).passTo(at(12.5)).force(60).ui().state, 'Ready');
  });

  it('takes no notice of off when it is Ready or Stopped (protocol §6.2)', () => {
    assert.equal(started(1).force(-60).ui().state, 'Ready');
    const stopped = started(9).force(-600).force(-60);
    assert.equal(stopped.code, 'alreadyOff');
    assert.deepEqual(stopped.ui().state, { Stopped: at(9) + 600 * SECOND });
  });

  it('changes nothing by off for 0 s', () => {
    assert.equal(started(9).force(0).value, 1);
  });

  it('can be stopped for a while when it is always on', () => {
    const agent = started(9, { durationMs: DAY }).force(-60);
    assert.deepEqual(agent.ui().state, { Stopped: at(9) + MINUTE });
    assert.equal(agent.pass(MINUTE).value, 1);
    assert.equal(agent.wakeAt, null);
  });

  it('bounds huge commands to a day (protocol §6.2 FIX c)', () => {
    for (const payload of [2 ** 53, 2 ** 63, 1e308]) {
      assert.deepEqual(started(1, { durationMs: 0 }).force(payload).ui().state, { Forced: at(25) });
      assert.deepEqual(started(9).force(-payload).ui().state, { Stopped: at(33) });
    }
  });

  it('renews a Forced day that reaches into a window, without a blink', () => {
    const agent = started(9).endJob('refused').force(86_400);
    assert.equal(agent.job?.endsAt, at(33));
    assert.deepEqual(agent.passTo(at(33)).ui().state, { Executing: at(36) });
    agent.passTo(at(37));
    assert.deepEqual(
      agent.sent.map((sent) => sent.at),
      [at(9), at(9), at(9), at(36)],
    );
  });
});

describe('TimeAgent with new settings', () => {
  it('ends Forced and Stopped (protocol §6.2)', () => {
    assert.equal(started(1).force(600).configure({}).ui().state, 'Ready');
    assert.deepEqual(started(9).force(-600).configure({}).ui().state, { Executing: at(12) });
  });

  it('moves the end of an open window without a blink', () => {
    const agent = started(9).configure({ durationMs: 2 * HOUR });
    assert.equal(agent.job?.endsAt, at(10));
    assert.equal(agent.sent.length, 1);
  });

  it('leaves a job alone that ends when it should', () => {
    assert.equal(started(9).configure({}).configure({}).jobs, 1);
  });

  it('is Disabled, neutral and not woken when it is switched off', () => {
    for (const agent of [started(9), started(1).force(60), started(9, { durationMs: DAY })]) {
      agent.configure({ active: false }).force(60);
      assert.deepEqual([agent.value, agent.job, agent.wakeAt], [0, null, null]);
      assert.equal(agent.ui().state, 'Disabled');
    }
  });

  it('does what the clock says when it is switched on again', () => {
    assert.equal(started(9, { active: false }).configure({ active: true }).value, 1);
  });
});

describe('TimeAgent whose job ends otherwise', () => {
  it('does not start a refused run again before the next boundary', () => {
    const agent = started(9).endJob('refused', 'dropped on the wire');
    assert.equal(agent.ui().state, 'Ready');
    assert.equal(agent.read({ moisture: 5 }).passTo(at(32)).jobs, 1);
    assert.equal(agent.pass(SECOND).jobs, 2);
  });

  it('takes the start of a window that touches for a boundary', () => {
    const agent = started(9, { secondStart: utc(12), secondDurationMs: HOUR }).endJob('cancelled', 'lockout');
    assert.equal(agent.passTo(at(12)).value, 0);
    assert.equal(agent.pass(SECOND).job?.endsAt, at(13));
  });

  it('is no longer Forced when that run was refused', () => {
    const agent = started(7.5).force(3600).endJob('refused');
    assert.equal(agent.ui().state, 'Ready');
    assert.equal(agent.passTo(at(8.2)).value, 1);
  });

  it('goes on where a restart has closed the job, before or after the start', () => {
    assert.equal(started(9).endJob('cancelled', 'restart').start().jobs, 2);
    const forced = started(1).force(600).pass(MINUTE).endJob('cancelled', 'restart');
    assert.deepEqual(forced.ui().state, { Forced: at(1) + 600 * SECOND });
    const late = started(9);
    const closed = {
      id: 'job-0',
      outcome: 'cancelled',
      reason: 'restart',
      startedAt: at(8),
      endedAt: at(9),
    } as const;
    assert.equal(late.send({ type: 'jobEnded', job: closed }).code, 'superseded');
    assert.equal(late.jobs, 1);
  });

  it('keeps Forced and Stopped over a restart, but not longer than they last', () => {
    assert.deepEqual(started(1).force(600).start().ui().state, { Forced: at(1) + 600 * SECOND });
    const stopped = started(9).force(-600);
    stopped.now = at(10);
    assert.deepEqual(stopped.start().ui().state, { Executing: at(12) });
  });
});

describe('TimeAgent in words', () => {
  it('names the window by the clock of the reader (protocol §6.2)', () => {
    const agent = started(9);
    assert.equal(agent.ui('en').rendered, '08:00–12:00 · on until 12:00');
    assert.equal(agent.ui('de', 'Europe/Berlin').rendered, '10:00–14:00 · an bis 14:00');
    assert.equal(agent.ui('en', 'Asia/Kolkata').rendered, '13:30–17:30 · on until 17:30');
  });

  it('names midnight 00:00, also east of Greenwich (protocol §6.2 FIX b)', () => {
    const agent = started(1, { start: { ms: 0, zone: 'Europe/Berlin' }, durationMs: HOUR });
    assert.equal(agent.ui('en', 'Europe/Berlin').rendered, '00:00–01:00 · off');
    assert.equal(agent.ui('en', 'UTC').rendered, '22:00–23:00 · off');
  });

  it('says what a person has asked for, and until when', () => {
    assert.match(started(1).force(600).ui('de').rendered, /eingeschaltet bis 01:10$/);
    assert.match(started(9).force(-600).ui('en').rendered, /switched off until 09:10$/);
    assert.match(started(9, { active: false }).ui('de').rendered, /ausgeschaltet$/);
  });
});
