import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { type Question, Questions } from '../../../../src/domain/wires/questions.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { idleView } from './wire-views.ts';

function asking() {
  const clock = new FakeClock();
  let ids = 0;
  const questions = new Questions({ clock, timetable: clock.timetable, newId: () => `q${++ids}` });
  const answered: boolean[] = [];
  const question: Question = {
    agentName: 'WetAgent',
    answerWithinMs: 5_000,
    view: idleView(),
    neutral: 0,
    answered: (inTime) => answered.push(inTime),
  };
  const sent: string[] = [];
  const ask = (parts: Partial<Question> = {}) =>
    questions.ask({ ...question, ...parts }, (id) => sent.push(id));
  return { clock, questions, answered, sent, ask };
}

describe('questions on the wires', () => {
  it('are answered by their id, in any order', async () => {
    const { questions, sent, ask, answered, clock } = asking();
    const [first, second] = [ask(), ask()];
    assert.deepEqual(sent, ['q1', 'q2']);
    questions.answer('q2', { payload: 2 });
    questions.answer('q1', { payload: 1 });
    assert.deepEqual([(await first).hold, (await second).hold], [1, 2]);
    assert.deepEqual(answered, [true, true]);
    assert.deepEqual([questions.count, clock.waiting], [0, 0]);
  });

  it('are skipped with that reason when their time is over', async () => {
    const { questions, ask, answered, clock } = asking();
    const decision = ask();
    clock.pass(4_999);
    assert.equal(questions.count, 1);
    clock.pass(1);
    assert.deepEqual(await decision, { because: { code: 'noAnswer', params: { seconds: 5 } } });
    assert.deepEqual(answered, [false]);
  });

  it('take no late answer, no second one, and none to a question that nobody asked', async () => {
    const { questions, ask, clock } = asking();
    const decision = ask();
    clock.pass(5_000);
    assert.equal(questions.answer('q1', { payload: true }), undefined);
    assert.equal((await decision).hold, undefined);
    const next = ask();
    assert.equal(questions.answer('q2', { payload: 1 })?.hold, 1);
    assert.equal(questions.answer('q2', { payload: 0 }), undefined);
    assert.equal((await next).hold, 1);
    assert.equal(questions.answer('stranger', { payload: true }), undefined);
  });

  it('fail by an answer that is none: whoever gave it hears of it, and nobody waits any longer', async () => {
    const { questions, ask, answered } = asking();
    const decision = ask();
    assert.throws(() => questions.answer('q1', { payload: 'on' }), /payload: must be a duration/);
    await assert.rejects(decision, /payload: must be a duration/);
    assert.deepEqual([questions.count, answered], [0, [true]]);
  });

  it('are skipped when their wires are gone, those of other types not', async () => {
    const { questions, ask } = asking();
    const gone = ask();
    void ask({ agentName: 'OtherAgent' });
    questions.skip('WetAgent');
    assert.deepEqual(await gone, { because: { code: 'gone' } });
    assert.equal(questions.count, 1);
  });

  it('are all skipped at the end', async () => {
    const { questions, ask, clock } = asking();
    const decisions = [ask(), ask({ agentName: 'OtherAgent' })];
    questions.stop();
    for (const { because } of await Promise.all(decisions)) assert.equal(because.code, 'gone');
    assert.equal(clock.waiting, 0);
  });
});
