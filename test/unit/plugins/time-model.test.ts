import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import time from '../../../plugins/time/time.ts';
import { AgentBench } from '../../../src/agent-testing.ts';
import { runs } from '../../support/runs.ts';

const MINUTE = 60_000;
const DAY_MINUTES = 1440;
const MIDNIGHT = Date.UTC(2026, 5, 1);

interface Window {
  readonly start: number;
  readonly duration: number;
}

/** Protocol §6.2 word by word, looked at once a minute as the original does once a second. */
class Model {
  readonly windows: readonly Window[];
  mode: 'clock' | 'Forced' | 'Stopped' = 'clock';
  until = 0;

  constructor(windows: readonly Window[]) {
    this.windows = windows;
  }

  state(minute: number): string {
    if (this.mode !== 'clock' && minute >= this.until) this.mode = 'clock';
    if (this.mode !== 'clock') return this.mode;
    return this.windows.some((window) => isOpen(window, minute)) ? 'Executing' : 'Ready';
  }

  command(minutes: number, now: number): void {
    const state = this.state(now);
    const isOn = minutes > 0;
    if (isOn && (state === 'Ready' || state === 'Forced')) this.say('Forced', now + minutes);
    else if (state === 'Executing' && minutes < 0) this.say('Stopped', now - minutes);
    else if ((state === 'Forced' && !isOn) || (state === 'Stopped' && isOn)) this.mode = 'clock';
  }

  say(mode: 'Forced' | 'Stopped', until: number): void {
    this.mode = mode;
    this.until = until;
  }
}

/** `minute` stands for its middle, so that nobody has to ask about the edges. */
function isOpen({ start, duration }: Window, minute: number): boolean {
  return (((minute - start) % DAY_MINUTES) + DAY_MINUTES) % DAY_MINUTES < duration;
}

function agentOf(windows: readonly [Window, Window, Window]) {
  const [first, second, third] = windows;
  const startOf = ({ start }: Window) => ({ ms: start * MINUTE, zone: 'UTC' });
  const settings = {
    start: startOf(first),
    durationMs: first.duration * MINUTE,
    secondStart: startOf(second),
    secondDurationMs: second.duration * MINUTE,
    thirdStart: startOf(third),
    thirdDurationMs: third.duration * MINUTE,
  };
  return new AgentBench(time, { now: MIDNIGHT + MINUTE / 2, settings }).start();
}

function nameOf(state: object | string): string | undefined {
  return typeof state === 'string' ? state : Object.keys(state)[0];
}

const window = fc.record({
  start: fc.integer({ min: 0, max: DAY_MINUTES - 1 }),
  duration: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: DAY_MINUTES })),
});
const step = fc.record({
  pass: fc.oneof(fc.integer({ min: 0, max: 90 }), fc.integer({ min: 0, max: 2 * DAY_MINUTES })),
  command: fc.option(fc.integer({ min: -600, max: 600 }), { nil: null }),
});

describe('TimeAgent against the protocol as a model (protocol §6.2)', () => {
  it('is in the same state after any commands, with any windows', () => {
    fc.assert(
      fc.property(fc.tuple(window, window, window), fc.array(step, { maxLength: 25 }), (windows, steps) => {
        const model = new Model(windows);
        const agent = agentOf(windows);
        let minute = 0;
        for (const { pass, command } of steps) {
          minute += pass;
          agent.pass(pass * MINUTE);
          assert.equal(nameOf(agent.ui().state), model.state(minute));
          if (command === null) continue;
          model.command(command, minute);
          agent.force(command * 60);
          assert.equal(nameOf(agent.ui().state), model.state(minute));
          const isOn = ['Executing', 'Forced'].includes(model.state(minute));
          assert.equal(agent.value, isOn ? 1 : 0);
        }
      }),
      { numRuns: runs(500) },
    );
  });

  it('never blinks: what goes off stays off for a second at least', () => {
    fc.assert(
      fc.property(
        fc.tuple(window, window, window),
        fc.integer({ min: 1, max: DAY_MINUTES }),
        (windows, minutes) => {
          const agent = agentOf(windows)
            .force(minutes * 60)
            .pass(3 * DAY_MINUTES * MINUTE);
          agent.sent.forEach(({ at }, index) => {
            const before = agent.sent[index - 1];
            if (before !== undefined && before.value === 0) assert.ok(at - before.at >= 1000);
          });
        },
      ),
    );
  });
});
