import Type, { type Static } from 'typebox';
import { compileCheck } from '../check.ts';
import { fieldError } from '../errors.ts';

const Int32 = Type.Integer({ minimum: -2_147_483_648, maximum: 2_147_483_647 });

const MOST_STEPS = 64;

/** A step sets the actuator to a value, or waits (ms) while it holds what the step before set. */
export const Step = Type.Union([
  Type.Object({ set: Int32 }, { additionalProperties: false }),
  Type.Object(
    { wait: Type.Integer({ minimum: 0, maximum: 31_536_000_000 }) },
    { additionalProperties: false },
  ),
]);
export type Step = Static<typeof Step>;

/** What a job does: 1 to 64 steps; several on-phases make cycle and soak. Whatever it says, it ends neutral. */
export const Plan = Type.Object(
  {
    steps: Type.Array(Step, { minItems: 1, maxItems: MOST_STEPS }),
    supply: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    /** Who waits for the same supply goes before those of a lower one; 0 unless told. */
    priority: Type.Optional(Type.Integer({ minimum: -100, maximum: 100 })),
    rule: Type.Optional(Type.Union([Type.Literal('finish'), Type.Literal('resume'), Type.Literal('close')])),
  },
  { additionalProperties: false },
);
export type Plan = Static<typeof Plan>;

const checkPlan = compileCheck(Plan, 'plan');

/** Checks a plan and makes it end neutral; throws an error naming the field. */
export function parsePlan(value: unknown, neutral: number): Plan {
  const plan = checkPlan(value);
  if (!plan.steps.some((step) => 'set' in step)) throw fieldError('steps', 'must set a value');
  const whole = endNeutral(plan, neutral);
  // A checked plan is checked once more on the wire: it must not have grown past its own limit.
  if (whole.steps.length > MOST_STEPS)
    throw fieldError('steps', `must end neutral within ${MOST_STEPS} steps`);
  return whole;
}

/** On for `durationMs`, then neutral: the plan that most agents want. */
export function runFor(durationMs: number, value = 1, neutral = 0): Plan {
  return { steps: [{ set: value }, { wait: durationMs }, { set: neutral }] };
}

export function endNeutral(plan: Plan, neutral: number): Plan {
  const last = plan.steps.at(-1);
  if (last !== undefined && 'set' in last && last.set === neutral) return plan;
  return { ...plan, steps: [...plan.steps, { set: neutral }] };
}

/** How long a plan takes from its first step to its last, in ms. */
export function durationOf(plan: Plan): number {
  return plan.steps.reduce((sum, step) => sum + ('wait' in step ? step.wait : 0), 0);
}

/** The same plan, ended after `longestMs`: hard limits cut, they do not refuse. */
export function cutPlan(plan: Plan, longestMs: number, neutral: number): Plan {
  if (durationOf(plan) <= longestMs) return plan;
  const steps: Step[] = [];
  let left = longestMs;
  for (const step of plan.steps) {
    if (left <= 0) break;
    const kept = 'wait' in step ? { wait: Math.min(step.wait, left) } : step;
    steps.push(kept);
    if ('wait' in kept) left -= kept.wait;
  }
  return endNeutral({ ...plan, steps }, neutral);
}

/** The same plan, ended once it has had its actuator on for `longestMs` in all. */
export function cutOnTime(plan: Plan, longestMs: number, neutral: number): Plan {
  const due = timeline(plan);
  let left = longestMs;
  for (const [index, { at, value }] of due.entries()) {
    const on = value === neutral ? 0 : (due[index + 1]?.at ?? at) - at;
    if (on > left) return cutPlan(plan, at + left, neutral);
    left -= on;
  }
  return plan;
}

/** A plan's set steps with the ms after its start at which each is due. */
export function timeline(plan: Plan): { at: number; value: number; index: number }[] {
  const due: { at: number; value: number; index: number }[] = [];
  let at = 0;
  plan.steps.forEach((step, index) => {
    if ('wait' in step) at += step.wait;
    else due.push({ at, value: step.set, index });
  });
  return due;
}
