import assert from 'node:assert/strict';
import type { AgentType, Decision } from '../../../../src/agent.ts';
import { AgentBench } from '../../../../src/agent-testing.ts';
import { RipeError } from '../../../../src/domain/errors.ts';

type State = { readonly events: number };
type Settings = { readonly level: number };
type Fern = AgentType<State, Settings>;
type Answer = Partial<Decision<State>>;

const MINUTE = 60_000;

/** An agent type that answers what the test says; it counts its events. */
function fern(answers: Partial<Record<string, Answer>> = {}, parts: Partial<Fern> = {}): Fern {
  return {
    name: 'FernAgent',
    version: '1.0.0',
    apiVersion: 1,
    neutral: 0,
    settings: {
      level: {
        kind: 'intSlider',
        key: '01',
        label: { en: 'Level', de: 'Stufe' },
        lower: 0,
        upper: 9,
        default: 5,
      },
    },
    explanations: { en: { did: 'Did {what}.' }, de: { did: 'Tat {what}.' } },
    start: () => ({ events: 0 }),
    decide: (event, { state }) => ({
      state: { events: state.events + 1 },
      because: { code: 'did', params: { what: event.type } },
      ...answers[event.type],
    }),
    render: (view) => ({
      decorator: { Text: null },
      state: 'Ready',
      rendered: `level ${view.settings.level}`,
    }),
    ...parts,
  };
}

const bench = (answers: Partial<Record<string, Answer>> = {}, parts: Partial<Fern> = {}) =>
  new AgentBench(fern(answers, parts));

describe('The bench for agents', () => {
  it('begins as a new agent does: neutral, with its defaults and its first state', () => {
    const agent = new AgentBench(fern(), { now: 1_000 });
    assert.deepEqual([agent.value, agent.settings.level, agent.state.events, agent.now], [0, 5, 0, 1_000]);
    assert.equal(new AgentBench(fern(), { settings: { level: 7 } }).settings.level, 7);
  });

  it('keeps state, value and cause of every decision', () => {
    const agent = bench({ reading: { hold: 3 } })
      .start()
      .read({ moisture: 12 });
    assert.deepEqual([agent.state.events, agent.value, agent.code], [2, 3, 'did']);
    assert.equal(agent.because('de'), 'Tat reading.');
    assert.deepEqual(
      agent.decisions.map(({ event }) => event.type),
      ['started', 'reading'],
    );
    assert.deepEqual([agent.reading?.moisture, agent.reading?.temperature], [12, null]);
  });

  it('takes the steps of a job at their times, and tells its end', () => {
    const steps = [{ set: 1 }, { wait: MINUTE }, { set: 0 }, { wait: MINUTE }, { set: 2 }, { wait: MINUTE }];
    const agent = bench({ forced: { job: { steps } } }).force(1);
    const from = agent.now;
    assert.equal(agent.job?.endsAt, from + 3 * MINUTE);
    agent.pass(10 * MINUTE);
    assert.deepEqual(agent.sent, [
      { at: from, value: 1 },
      { at: from + MINUTE, value: 0 },
      { at: from + 2 * MINUTE, value: 2 },
      { at: from + 3 * MINUTE, value: 0 },
    ]);
    assert.equal(agent.job, null);
    const last = agent.decisions.at(-1)?.event;
    assert.ok(last?.type === 'jobEnded' && last.job.outcome === 'finished' && last.at === from + 3 * MINUTE);
  });

  it('cuts a run that is longer than the agent type allows', () => {
    const agent = bench(
      { forced: { job: { steps: [{ set: 1 }, { wait: 60 * MINUTE }] } } },
      { limits: { longestRunMs: MINUTE } },
    );
    assert.equal(agent.force(1).pass(MINUTE).value, 0);
  });

  it('ends a job for a held value, for another job, on cancel, and from outside', () => {
    const job = { steps: [{ set: 1 }, { wait: MINUTE }] };
    const endOf = (agent: AgentBench<State, Settings>) => {
      const ended = agent.decisions.map(({ event }) => event).find(({ type }) => type === 'jobEnded');
      return ended?.type === 'jobEnded' ? [ended.job.outcome, ended.job.reason, agent.value] : [];
    };
    const running = (reading: Answer) => bench({ forced: { job }, reading }).force(1).pass(1_000);
    assert.deepEqual(endOf(running({ hold: 4 }).read({})), ['cancelled', 'decided', 4]);
    assert.deepEqual(endOf(running({ job }).read({})), ['cancelled', 'replaced', 1]);
    assert.deepEqual(endOf(running({ job: 'cancel' }).read({})), ['cancelled', 'decided', 0]);
    assert.deepEqual(endOf(running({}).endJob('refused', 'rain')), ['refused', 'rain', 0]);
  });

  it('wakes at the time that was named, once', () => {
    const agent = bench({ started: { wakeAt: Date.UTC(2026, 5, 1, 13) } }).start();
    assert.equal(agent.pass(60 * MINUTE - 1).wakes, 0);
    assert.equal(agent.pass(1).wakes, 1);
    assert.equal(agent.pass(100 * MINUTE).wakes, 1);
    assert.equal(agent.decisions.at(-1)?.event.at, Date.UTC(2026, 5, 1, 13));
  });

  it('completes new settings, and tells of them', () => {
    const agent = bench().configure({ level: 8 });
    assert.equal(agent.ui().rendered, 'level 8');
    assert.equal(agent.configure({ level: 99 }).settings.level, 5);
  });

  it('takes the state over to another version', () => {
    const next = fern({}, { version: '2.0.0', migrate: () => ({ events: 100 }) });
    assert.equal(bench().start().update(next).state.events, 101);
    assert.equal(bench().start().update(fern()).state.events, 2);
  });
});

describe('The bench refuses', () => {
  const fault = (text: RegExp) => (error: unknown) =>
    error instanceof RipeError && error.code === 'RIPE_PLUGIN_INVALID' && text.test(error.message);
  const reading = (answer: unknown) => () => bench({ reading: answer as Answer }).read({});
  const drawing = (ui: object) => () => bench({}, { render: () => ui as never }).start();

  for (const [what, doing, text] of [
    ['a description that does not hold', () => bench({}, { version: '1' }), /description: version/],
    ['a value that is no int32', reading({ hold: 1.5 }), /FernAgent: decide on reading: hold/],
    ['a plan that sets nothing', reading({ job: { steps: [{ wait: 1 }] } }), /steps: must set a value/],
    ['a cause without a text', reading({ because: { code: 'x' } }), /explanations\.en\.x: is missing/],
    ['a text without its figure', reading({ because: { code: 'did' } }), /params\.what: is missing for did/],
    ['a state that is no JSON', reading({ state: { at: new Date() } }), /state\.at is a Date/],
    ['a state with NaN', reading({ state: { list: [Number.NaN] } }), /state\.list\.0 is NaN/],
    ['a state with a function', reading({ state: { f: () => 1 } }), /state\.f is a function/],
    ['a huge state', reading({ state: 'x'.repeat(300_000) }), /more than 262144 characters/],
    ['a face without a text', drawing({ decorator: { Text: null }, state: 'Ready', rendered: '' }), /render/],
    [
      'a face that shows a slip',
      drawing({ decorator: { Text: null }, state: 'Ready', rendered: 'at NaN %' }),
      /rendered: is "at NaN %"/,
    ],
  ] as const) {
    it(what, () => assert.throws(doing, fault(text)));
  }

  it('a promise', () => {
    const decide = (async () => ({ because: { code: 'did' } })) as never;
    assert.throws(() => bench({}, { decide }).start(), fault(/returned a promise/));
  });

  it('to let an agent change what it is given', () => {
    const decide: Fern['decide'] = (_event, view) => {
      (view.state as { events: number }).events += 1;
      return { because: { code: 'did' } };
    };
    assert.throws(() => bench({}, { decide }).start(), fault(/decide on started: .*read only/));
  });

  it('to let an error of the agent pass without its name', () => {
    const decide = () => {
      throw new Error('a plant bit me');
    };
    assert.throws(() => bench({}, { decide }).start(), fault(/FernAgent: decide on started: a plant bit me/));
  });
});
