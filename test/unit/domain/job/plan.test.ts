import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { RipeError } from '../../../../src/domain/errors.ts';
import {
  cutPlan,
  durationOf,
  endNeutral,
  type Plan,
  parsePlan,
  runFor,
  type Step,
  timeline,
} from '../../../../src/domain/job/plan.ts';

const MOST_STEPS = 64;
const step = fc.oneof<fc.Arbitrary<Step>[]>(
  fc.record({ set: fc.integer() }, { noNullPrototype: true }),
  fc.record(
    { wait: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 31_536_000_000 })) },
    { noNullPrototype: true },
  ),
);
const neutral = fc.integer();
const anyPlan: fc.Arbitrary<Plan> = fc
  .array(step, { minLength: 1, maxLength: MOST_STEPS - 1 })
  .filter((steps) => steps.some((each) => 'set' in each))
  .map((steps) => ({ steps }));

const refusing = (field: string) => (error: unknown) =>
  error instanceof RipeError && error.params['field'] === field;

describe('parsePlan', () => {
  it('takes sets and waits, a supply and a rule', () => {
    const plan: Plan = { steps: [{ set: 1 }, { wait: 5 }, { set: 0 }], supply: 'pump', rule: 'resume' };
    assert.deepEqual(parsePlan(plan, 0), plan);
  });

  for (const [field, plan] of [
    ['plan', 7],
    ['steps', {}],
    ['steps', { steps: [] }],
    ['steps', { steps: [{ wait: 5 }] }],
    ['steps', { steps: Array.from({ length: 65 }, () => ({ set: 0 })) }],
    ['rule', { steps: [{ set: 1 }], rule: 'never' }],
    ['supply', { steps: [{ set: 1 }], supply: '' }],
  ] as const) {
    it(`refuses ${JSON.stringify(plan).slice(0, 60)}, and names ${field}`, () => {
      assert.throws(() => parsePlan(plan, 0), refusing(field));
    });
  }

  for (const bad of [
    { set: 1, wait: 1 },
    { set: 0.5 },
    { set: 2 ** 31 },
    { wait: -1 },
    { wait: 31_536_000_001 },
    {},
  ]) {
    it(`refuses the step ${JSON.stringify(bad)}`, () => {
      assert.throws(() => parsePlan({ steps: [{ set: 1 }, bad] }, 0), RipeError);
    });
  }

  it('ends every plan neutral, and takes what it has made once more', () => {
    fc.assert(
      fc.property(anyPlan, neutral, (plan, value) => {
        const parsed = parsePlan(plan, value);
        assert.deepEqual(parsed.steps.at(-1), { set: value });
        assert.deepEqual(parsePlan(parsed, value), parsed);
      }),
    );
  });

  it('refuses a plan of 64 steps that does not end neutral: the step that ends it would be one too many', () => {
    const steps = Array.from({ length: MOST_STEPS }, () => ({ set: 1 }));
    assert.throws(() => parsePlan({ steps }, 0), refusing('steps'));
    assert.equal(parsePlan({ steps }, 1).steps.length, MOST_STEPS);
    assert.equal(parsePlan({ steps: steps.slice(1) }, 0).steps.length, MOST_STEPS);
  });
});

describe('endNeutral', () => {
  it('adds the neutral value where another one, or a wait, is last', () => {
    assert.deepEqual(endNeutral({ steps: [{ set: 1 }] }, 0).steps, [{ set: 1 }, { set: 0 }]);
    assert.deepEqual(endNeutral({ steps: [{ set: 0 }, { wait: 1 }] }, 0).steps.at(-1), { set: 0 });
    const neutralAlready = runFor(5);
    assert.equal(endNeutral(neutralAlready, 0), neutralAlready);
  });
});

describe('cutPlan', () => {
  it('leaves a plan alone that is short enough', () => {
    const plan = runFor(5_000);
    assert.equal(cutPlan(plan, 5_000, 0), plan);
  });

  it('cuts the wait that is too long, and drops what comes after it', () => {
    const plan: Plan = { steps: [{ set: 1 }, { wait: 10 }, { set: 2 }, { wait: 10 }, { set: 0 }] };
    assert.deepEqual(cutPlan(plan, 15, 0).steps, [
      { set: 1 },
      { wait: 10 },
      { set: 2 },
      { wait: 5 },
      { set: 0 },
    ]);
    assert.deepEqual(cutPlan(plan, 10, 0).steps, [{ set: 1 }, { wait: 10 }, { set: 0 }]);
  });

  it('never lasts longer than its limit, ends neutral, and is still a plan', () => {
    const limit = fc.oneof(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 40_000_000_000 }));
    fc.assert(
      fc.property(anyPlan, limit, neutral, (plan, longestMs, value) => {
        const cut = cutPlan(parsePlan(plan, value), longestMs, value);
        assert.ok(durationOf(cut) <= longestMs);
        assert.deepEqual(cut.steps.at(-1), { set: value });
        assert.deepEqual(parsePlan(cut, value), cut);
      }),
    );
  });

  it('keeps what the plan does before the cut', () => {
    fc.assert(
      fc.property(anyPlan, fc.integer({ min: 1, max: 100_000 }), (plan, longestMs) => {
        const dueEarlier = (of: Plan) => timeline(of).filter(({ at }) => at < longestMs);
        const whole = parsePlan(plan, 0);
        const cut = cutPlan(whole, longestMs, 0);
        if (cut !== whole) assert.deepEqual(dueEarlier(cut), dueEarlier(whole));
      }),
    );
  });
});

describe('timeline', () => {
  it('tells when each value is due, and at which step', () => {
    assert.deepEqual(timeline({ steps: [{ set: 1 }, { wait: 5 }, { wait: 2 }, { set: 3 }, { set: 0 }] }), [
      { at: 0, value: 1, index: 0 },
      { at: 7, value: 3, index: 3 },
      { at: 7, value: 0, index: 4 },
    ]);
  });

  it('is in order, and lasts as long as the plan', () => {
    fc.assert(
      fc.property(anyPlan, (plan) => {
        const whole = parsePlan(plan, 0);
        const due = timeline(whole);
        assert.equal(due.at(-1)?.at, durationOf(whole));
        due.forEach(({ at }, index) => {
          assert.ok(at >= (due[index - 1]?.at ?? 0));
        });
      }),
    );
  });
});
