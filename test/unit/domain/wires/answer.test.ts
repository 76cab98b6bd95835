import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { AnyView } from '../../../../src/domain/agent/agent-host.ts';
import { RipeError } from '../../../../src/domain/errors.ts';
import { parseAnswer, type WireAnswer } from '../../../../src/domain/wires/answer.ts';
import { idleView, runningJob } from './wire-views.ts';

const SECONDS_30 = [{ set: 1 }, { wait: 30_000 }, { set: 0 }];

const decide = (payload: unknown, view: AnyView = idleView(), because?: unknown) =>
  parseAnswer({ payload, because }, { view, neutral: 0 });

describe('the answer to a question on the wires', () => {
  it('holds what is true, false or a number', () => {
    assert.deepEqual(decide(true), { hold: 1, because: { code: 'held', params: { value: 1 } } });
    assert.deepEqual(decide(false), { hold: 0, because: { code: 'held', params: { value: 0 } } });
    assert.equal(decide(55).hold, 55);
    assert.equal(decide(-3).hold, -3);
    assert.equal(decide({ hold: true }).hold, 1);
  });

  it('runs for a duration', () => {
    for (const payload of ['30 s', '30s', '0.5 min', ' 30000 ms ', { runMs: 30_000 }]) {
      const { job, because } = decide(payload);
      assert.deepEqual(job, { steps: SECONDS_30 });
      assert.deepEqual(because, { code: 'run', params: { seconds: 30 } });
    }
    assert.deepEqual(decide({ runMs: 1, value: 7 }).job, { steps: [{ set: 7 }, { wait: 1 }, { set: 0 }] });
  });

  it('ends a run at the neutral value of its type', () => {
    const { job } = parseAnswer({ payload: '1 s' }, { view: idleView(), neutral: 5 });
    assert.deepEqual(job, { steps: [{ set: 1 }, { wait: 1_000 }, { set: 5 }] });
  });

  it('lets a run go on that is on already', () => {
    for (const payload of ['30 s', { runMs: 30_000 }]) {
      assert.deepEqual(decide(payload, idleView({ job: runningJob })), { because: { code: 'running' } });
    }
  });

  it('replaces or ends a running job where the answer says so', () => {
    const view = idleView({ job: runningJob });
    assert.deepEqual(decide({ job: { steps: [{ set: 1 }, { wait: 5 }] } }, view).job, {
      steps: [{ set: 1 }, { wait: 5 }, { set: 0 }],
    });
    assert.deepEqual(decide({ job: 'cancel' }, view), { job: 'cancel', because: { code: 'cancelled' } });
  });

  it('changes nothing where it is nothing', () => {
    for (const payload of [undefined, null, {}]) {
      assert.deepEqual(decide(payload), { because: { code: 'unchanged' } });
    }
  });

  it('keeps a copy of the state, and the time to be woken', () => {
    const state = { runs: [1] };
    const decision = decide({ state, wakeAt: 1_720_728_901_123 });
    state.runs.push(2);
    assert.deepEqual(decision, {
      state: { runs: [1] },
      wakeAt: 1_720_728_901_123,
      because: { code: 'unchanged' },
    });
    assert.equal(decide({ wakeAt: null }).wakeAt, null);
    assert.equal(decide({ state: null }).state, null);
    assert.deepEqual(decide({ state: { runs: 1 } }, idleView({ state: { runs: 1 } })), {
      because: { code: 'unchanged' },
    });
  });

  it('takes the reason from the payload, from the message, or from what it does', () => {
    const own = { code: 'dry', params: { moisture: 18 } };
    assert.deepEqual(decide({ hold: 1, because: own }, idleView(), 'other').because, own);
    assert.deepEqual(decide('30 s', idleView(), own).because, own);
    assert.deepEqual(decide(true, idleView(), 'dry: 18 %').because, {
      code: 'said',
      params: { reason: 'dry: 18 %' },
    });
  });

  describe('is refused, naming the field,', () => {
    const circle: Record<string, unknown> = {};
    circle['circle'] = circle;
    const bad: [string, WireAnswer, RegExp][] = [
      [
        'where it is the event, unchanged',
        { payload: { type: 'reading', at: 1 } },
        /^payload\.type: is no part/,
      ],
      ['where it is a list', { payload: [1] }, /^payload: must be true, false/],
      ['where it is a text but no duration', { payload: 'on' }, /^payload: must be a duration/],
      ['where it is no time at all', { payload: '0 s' }, /^payload: must be a duration/],
      ['where it is longer than a year', { payload: '9000 h' }, /^payload: must be a duration/],
      ['where the number is not whole', { payload: 0.5 }, /^payload\.hold: must be/],
      ['where the number is too large', { payload: 2 ** 31 }, /^payload\.hold: must be/],
      ['where the time to run is not whole', { payload: { runMs: 1.5 } }, /^payload\.runMs: must be integer/],
      ['where a value goes with nothing', { payload: { value: 2 } }, /^payload\.value: goes with runMs/],
      [
        'where it wants two things',
        { payload: { hold: 1, runMs: 5 } },
        /^payload\.runMs: cannot be together/,
      ],
      ['where a plan has no step', { payload: { job: { steps: [] } } }, /^payload\.job\.steps: must not/],
      ['where a step is none', { payload: { job: { steps: [{ on: 1 }] } } }, /^payload\.job\.steps\.0/],
      ['where a plan is none', { payload: { job: 5 } }, /^payload\.job: must be/],
      ['where the moment is none', { payload: { wakeAt: 'noon' } }, /^payload\.wakeAt: must/],
      ['where the state is no JSON', { payload: { state: circle } }, /^payload\.state: must be JSON/],
      [
        'where the state is huge',
        { payload: { state: 'x'.repeat(300_000) } },
        /^payload\.state: must not be/,
      ],
      ['where the reason is a number', { payload: { because: 5 } }, /^payload\.because: must be a text/],
      ['where the reason has no code', { payload: { because: {} } }, /^payload\.because\.code: is missing/],
      ['where the reason of the message has none', { because: {} }, /^because\.code: is missing/],
      ['where the reason is empty', { because: ' ' }, /^because: must be a text of 1 to 200/],
    ];
    for (const [title, answer, text] of bad) {
      it(title, () => {
        assert.throws(
          () => parseAnswer(answer, { view: idleView(), neutral: 0 }),
          (error) =>
            error instanceof RipeError && error.code === 'RIPE_DECISION_INVALID' && text.test(error.message),
        );
      });
    }
  });
});
