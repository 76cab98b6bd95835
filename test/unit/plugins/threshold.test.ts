import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import type { ThresholdSettings } from '../../../plugins/threshold/settings.ts';
import threshold from '../../../plugins/threshold/threshold.ts';
import { AgentBench } from '../../../src/agent-testing.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const started = (settings: Partial<ThresholdSettings> = {}) =>
  new AgentBench(threshold, { settings }).start();

describe('ThresholdAgent by data', () => {
  it('has the defaults of the original (protocol §6.1)', () => {
    const agent = started();
    assert.equal(agent.settings.minThreshold, 20);
    assert.equal(agent.settings.actionDurationMs, MINUTE);
    assert.equal(agent.settings.actionCooldownMs, 30 * SECOND);
    assert.deepEqual(agent.ui().decorator, { TimePane: 30 });
    assert.equal(agent.ui().state, 'Ready');
  });

  for (const [moisture, limit, starts] of [
    [19.9, 20, true],
    [20, 20, false],
    [20.9, 20, false],
    [-3, 1, true],
    [-3, 0, false],
    [0, 0, false],
    [100, 100, false],
  ] as const) {
    it(`${starts ? 'starts' : 'does not start'} at ${moisture} % with a limit of ${limit} % (protocol §6.1)`, () => {
      const agent = started({ minThreshold: limit }).read({ moisture });
      assert.equal(agent.value, starts ? 1 : 0);
    });
  }

  it('runs for the configured time, shows its real end, and is ready again', () => {
    const agent = started().read({ moisture: 5 });
    assert.deepEqual(agent.ui().state, { Executing: agent.now + MINUTE });
    assert.equal(agent.pass(MINUTE - 1).value, 1);
    assert.equal(agent.pass(1).value, 0);
    assert.equal(agent.ui().state, 'Ready');
    assert.equal(agent.code, 'finished');
  });

  it('ignores data without its metric, and data during a run', () => {
    const agent = started().read({ temperature: 5 });
    assert.equal(agent.code, 'noValue');
    const end = agent.read({ moisture: 5 }).job?.endsAt;
    agent.pass(10 * SECOND).read({ moisture: 4 });
    assert.equal(agent.code, 'busy');
    assert.equal(agent.job?.endsAt, end);
  });

  it('pauses from the end of a run by data (protocol §6.1)', () => {
    const agent = started().read({ moisture: 5 }).pass(MINUTE);
    agent.pass(29 * SECOND).read({ moisture: 5 });
    assert.equal(agent.code, 'coolingDown');
    assert.equal(agent.pass(SECOND).read({ moisture: 5 }).value, 1);
  });

  it('pauses from the real end of a run by data that was ended early', () => {
    const agent = started()
      .read({ moisture: 5 })
      .pass(10 * SECOND)
      .force(0);
    assert.equal(agent.value, 0);
    assert.equal(agent.pass(29 * SECOND).read({ moisture: 5 }).value, 0);
    assert.equal(agent.pass(SECOND).read({ moisture: 5 }).value, 1);
  });

  it('pauses also while the report of the end is on its way', () => {
    const agent = started();
    agent.tellsEnds = false;
    agent.read({ moisture: 5 }).pass(MINUTE).read({ moisture: 5 });
    assert.equal(agent.code, 'coolingDown');
  });

  it('is not blocked by a clock that was set back', () => {
    const agent = started().read({ moisture: 5 }).pass(MINUTE);
    agent.now -= 24 * HOUR;
    assert.equal(agent.read({ moisture: 5 }).value, 1);
  });

  it('refuses runs of 5 s and less without a pause (protocol §6.1 FIX c)', () => {
    const agent = started({ actionDurationMs: 5 * SECOND }).read({ moisture: 5 });
    assert.equal(agent.code, 'tooShort');
    assert.equal(agent.configure({ actionDurationMs: 6 * SECOND }).read({ moisture: 5 }).value, 1);
  });

  it('asks again after a refused run, but not within the pause', () => {
    const agent = started().read({ moisture: 5 }).endJob('refused', 'dropped on the wire');
    assert.equal(agent.value, 0);
    assert.equal(agent.read({ moisture: 5 }).jobs, 1);
    assert.equal(agent.pass(30 * SECOND).read({ moisture: 5 }).jobs, 2);
    assert.doesNotMatch(agent.endJob('refused').ui().rendered, /last run/);
  });

  it('goes by another metric, also a further one, and above as well as below', () => {
    const fan = { metric: 'temperature', direction: 'above', minThreshold: 30 } as const;
    assert.equal(started(fan).read({ temperature: 30 }).value, 0);
    assert.equal(started(fan).read({ temperature: 30.1 }).value, 1);
    assert.equal(started(fan).read({ temperature: -3 }).value, 0);
    const tank = started({ metric: 'tank', minThreshold: 10 });
    assert.equal(tank.read({ extra: { tank: 9.5 } }).value, 1);
    assert.equal(started({ metric: 'constructor' }).read({ extra: {} }).code, 'noValue');
    assert.equal(started({ metric: 'timestamp' }).read({}).code, 'noValue');
  });

  it('does not take -3 °C for 0 °C', () => {
    const agent = started({ metric: 'temperature', minThreshold: 5 }).read({ temperature: -3.5 });
    assert.equal(agent.value, 1);
    assert.match(agent.ui('de').rendered, /Temperatur -3,5 °C/);
  });
});

describe('ThresholdAgent with a hysteresis', () => {
  const wet = { hysteresis: 10, actionCooldownMs: 0 };
  const afterRun = (settings: Partial<ThresholdSettings>) =>
    started(settings)
      .read({ moisture: 10 })
      .pass(2 * MINUTE);

  it('starts another run only after the metric has been back', () => {
    const agent = afterRun(wet).read({ moisture: 15 });
    assert.equal(agent.code, 'notBack');
    assert.equal(agent.read({ moisture: 29 }).read({ moisture: 15 }).code, 'notBack');
    assert.equal(agent.read({ moisture: 30 }).read({ moisture: 15 }).value, 1);
  });

  it('counts a comeback during the run', () => {
    const agent = started(wet)
      .read({ moisture: 10 })
      .read({ moisture: 40 })
      .pass(2 * MINUTE);
    assert.equal(agent.read({ moisture: 15 }).value, 1);
  });

  it('looks the other way round where it runs above the limit', () => {
    const agent = started({ ...wet, direction: 'above', minThreshold: 60 }).read({ moisture: 70 });
    agent
      .pass(2 * MINUTE)
      .read({ moisture: 51 })
      .read({ moisture: 70 });
    assert.equal(agent.code, 'notBack');
    assert.equal(agent.read({ moisture: 50 }).read({ moisture: 70 }).value, 1);
  });

  it('needs no comeback after a run that was refused, or after new settings', () => {
    const refused = started(wet).read({ moisture: 10 }).endJob('refused');
    assert.equal(refused.pass(SECOND).read({ moisture: 10 }).value, 1);
    assert.equal(afterRun(wet).configure({ minThreshold: 25 }).read({ moisture: 15 }).value, 1);
  });

  it('needs no comeback at 0, as the original (protocol §6.1)', () => {
    assert.equal(afterRun({ actionCooldownMs: 0 }).read({ moisture: 15 }).value, 1);
  });

  it('does not hold back a command', () => {
    assert.equal(afterRun(wet).force(30).value, 1);
  });
});

describe('ThresholdAgent by command', () => {
  it('runs for the seconds of the command', () => {
    const agent = started().force(90);
    assert.deepEqual(agent.ui().state, { Forced: agent.now + 90 * SECOND });
    assert.equal(agent.pass(90 * SECOND - 1).value, 1);
    assert.equal(agent.pass(1).value, 0);
  });

  it('extends and shortens a run to what is shown, without a blink (protocol §6.1 FIX b)', () => {
    const agent = started()
      .read({ moisture: 5 })
      .pass(10 * SECOND);
    for (const seconds of [300, 20]) {
      agent.force(seconds);
      assert.deepEqual(agent.ui().state, { Forced: agent.now + seconds * SECOND });
    }
    agent.pass(20 * SECOND);
    assert.deepEqual(
      agent.sent.map(({ value }) => value),
      [1, 0],
    );
    assert.equal(agent.sent[1]?.at, agent.now);
  });

  it('does not take the replaced job for the end of its run', () => {
    const agent = started().read({ moisture: 5 }).force(60);
    assert.equal(agent.code, 'superseded');
    assert.match(agent.ui().rendered, /switched on until/);
  });

  it('ends any run at once (protocol §6.1)', () => {
    assert.equal(started().read({ moisture: 5 }).force(-30).value, 0);
    assert.equal(started().force(90).force(0).value, 0);
  });

  it('does nothing when it is told to stop and nothing runs (protocol §6.1 FIX a)', () => {
    const agent = started().force(-30);
    assert.equal(agent.code, 'nothingRuns');
    assert.equal(agent.ui().state, 'Ready');
    assert.deepEqual(agent.sent, []);
  });

  it('refuses 5 s, takes 6 s, and goes on with a run that it cannot shorten so much', () => {
    assert.equal(started().force(5).code, 'tooShort');
    assert.equal(started().force(6).value, 1);
    assert.deepEqual(started().read({ moisture: 5 }).force(3).sent.length, 1);
  });

  it('has no pause after a refused short command (protocol §6.1 FIX c)', () => {
    assert.equal(started().force(5).read({ moisture: 5 }).value, 1);
  });

  it('is not subject to the pause, which counts from its start (protocol §6.1)', () => {
    const agent = started({ actionCooldownMs: 60 * SECOND })
      .read({ moisture: 5 })
      .pass(MINUTE);
    assert.equal(agent.force(50).value, 1);
    agent.pass(50 * SECOND).read({ moisture: 5 });
    assert.equal(agent.code, 'coolingDown');
    assert.equal(agent.pass(10 * SECOND).read({ moisture: 5 }).value, 1);
  });

  it('bounds huge commands, and shows the end that the hard limit leaves (protocol §3 FIX)', () => {
    for (const payload of [2 ** 53, 2 ** 63, 1e308]) {
      const agent = started().force(payload);
      assert.deepEqual(agent.ui().state, { Forced: agent.now + HOUR });
      assert.equal(agent.pass(HOUR).value, 0);
    }
  });
});

describe('ThresholdAgent that is switched off', () => {
  it('ends its run and ignores commands and readings', () => {
    const agent = started().read({ moisture: 5 }).configure({ active: false });
    assert.equal(agent.value, 0);
    assert.equal(agent.ui().state, 'Disabled');
    assert.equal(agent.force(60).read({ moisture: 5 }).value, 0);
    assert.equal(agent.code, 'inactive');
  });

  it('works again when it is switched on', () => {
    const agent = started({ active: false }).configure({ active: true });
    assert.equal(agent.read({ moisture: 5 }).value, 1);
  });
});

describe('ThresholdAgent over a restart', () => {
  it('shows a run that goes on as what it was (protocol §6.1 FIX d)', () => {
    const agent = started().force(300).pass(MINUTE).start();
    assert.equal(agent.code, 'busy');
    assert.deepEqual(agent.ui().state, { Forced: agent.now + 4 * MINUTE });
  });

  it('is ready where the restart has closed its run, and pauses from there', () => {
    const agent = started()
      .read({ moisture: 5 })
      .pass(10 * SECOND)
      .endJob('cancelled', 'restart')
      .start();
    assert.equal(agent.ui().state, 'Ready');
    assert.equal(agent.read({ moisture: 5 }).code, 'coolingDown');
  });

  it('makes a value neutral that nobody has planned', () => {
    const agent = new AgentBench(threshold);
    agent.value = 1;
    assert.equal(agent.start().value, 0);
  });
});

describe('ThresholdAgent in words', () => {
  it('tells what it waits for, and when it ran last', () => {
    const agent = started().read({ moisture: 34.6 });
    assert.equal(agent.ui().rendered, 'starts below 20 % · moisture 34 %');
    agent.read({ moisture: 5 }).pass(13 * MINUTE);
    assert.equal(agent.ui().rendered, 'starts below 20 % · last run 12 min ago · moisture 5 %');
    assert.equal(agent.ui('de').rendered, 'startet unter 20 % · letzter Lauf vor 12 Min. · Feuchte 5 %');
  });

  it('names the end of a run by the clock of the reader', () => {
    const agent = started().read({ moisture: 5 });
    assert.equal(agent.ui('de', 'Europe/Berlin').rendered, 'läuft bis 14:01 · Feuchte 5 %');
    assert.equal(
      agent.pass(MINUTE).ui().rendered,
      'starts below 20 % · pause until 12:01 · last run just now · moisture 5 %',
    );
  });

  it('never names a last run in the future (protocol §6.1 FIX e)', () => {
    const agent = started().read({ moisture: 5 }).pass(MINUTE);
    agent.now -= HOUR;
    assert.match(agent.ui().rendered, /last run just now/);
  });

  it('has a text before the first reading', () => {
    assert.equal(
      started({ minThreshold: 0 }).ui().rendered,
      'starts by hand only · moisture not measured yet',
    );
  });
});

describe('ThresholdAgent, whatever happens', () => {
  const happening = fc.oneof(
    fc.record({ moisture: fc.double({ min: -10, max: 110, noNaN: true }) }),
    fc.record({ force: fc.oneof(fc.integer({ min: -60, max: 600 }), fc.maxSafeInteger()) }),
    fc.record({ pass: fc.integer({ min: 0, max: 2 * HOUR }) }),
    fc.record({ end: fc.constantFrom('cancelled' as const, 'refused' as const) }),
    fc.record({ active: fc.boolean() }),
    fc.constant({ restart: true as const }),
  );

  it('is on only while a job runs, shows that end, and is off within an hour', () => {
    fc.assert(
      fc.property(
        fc.array(happening, { maxLength: 40 }),
        fc.integer({ min: 0, max: 20 }),
        (steps, hysteresis) => {
          const agent = started({ hysteresis });
          for (const step of steps) {
            if ('moisture' in step) agent.read(step);
            else if ('force' in step) agent.force(step.force);
            else if ('pass' in step) agent.pass(step.pass);
            else if ('end' in step) agent.endJob(step.end);
            else if ('active' in step) agent.configure(step);
            else agent.start();
            assert.equal(agent.value, agent.job === null ? 0 : 1);
            assert.deepEqual(shownEnd(agent.ui().state), agent.job?.endsAt);
          }
          assert.equal(agent.pass(HOUR).value, 0);
        },
      ),
    );
  });
});

function shownEnd(state: object | string): number | undefined {
  return typeof state === 'string' ? undefined : Object.values(state)[0];
}
