import assert from 'node:assert/strict';
import type { AgentType, AgentUi, Decision } from '../../src/agent.ts';
import { parsePlan } from '../../src/domain/plan.ts';

/** Fails where a decision is not what the contract promises: JSON, int32, a plan that holds, a reason that has texts. */
export function checkDecision<State, Settings>(
  decision: Decision<State>,
  type: AgentType<State, Settings>,
): void {
  assert.deepEqual(JSON.parse(JSON.stringify(decision)), decision, 'a decision is plain JSON');
  const { hold, job, wakeAt, because } = decision;
  if (hold !== undefined) assert.ok(Object.is(hold | 0, hold), 'a held value is an int32');
  if (job !== undefined && job !== 'cancel') parsePlan(job, type.neutral);
  if (wakeAt !== undefined && wakeAt !== null) assert.ok(Number.isInteger(wakeAt));
  const params = Object.keys(because.params ?? {}).sort();
  for (const [locale, texts] of Object.entries(type.explanations)) {
    const text = texts[because.code];
    assert.ok(text, `${because.code} is explained in ${locale}`);
    assert.deepEqual(placeholders(text), params, `${because.code} names its figures in ${locale}`);
  }
}

/** Fails where an agent's looks break a client (protocol §4.3). */
export function checkUi(ui: AgentUi): void {
  assert.equal(Object.keys(ui.decorator).length, 1);
  assert.match(ui.rendered, /\S/);
  assert.doesNotMatch(ui.rendered, /NaN|undefined|null|-\d+ (min|h|d|Min|Std|Tg)/);
  if ('Slider' in ui.decorator) {
    const [lower, upper, value] = ui.decorator.Slider;
    assert.ok(lower <= value && value <= upper);
  }
  if (typeof ui.state !== 'string') {
    for (const end of Object.values(ui.state)) assert.ok(Number.isFinite(new Date(end).getTime()));
  }
}

/** Each code of a type in both languages, with the figures that its text names. */
export function explained<State, Settings>(type: AgentType<State, Settings>, locale: 'en' | 'de') {
  return Object.fromEntries(
    Object.entries(type.explanations[locale]).map(([code, text]) => [code, placeholders(text)]),
  );
}

/** Freezes all the way down, so that an agent that changes what it was given throws. */
export function freeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) freeze(part);
  }
  return value;
}

function placeholders(text: string): string[] {
  return [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ''))].sort();
}
