import Type, { type Static } from 'typebox';
import { parseDecision } from '../agent/agent-check.ts';
import type { Because } from '../agent/agent-contract.ts';
import type { AnyDecision, AnyView } from '../agent/agent-host.ts';
import { compileCheck } from '../check.ts';
import { fieldError, RipeError } from '../errors.ts';
import { type Plan, parsePlan, runFor } from '../job/plan.ts';
import { isObject, type Json } from '../json.ts';
import { parseDuration } from './duration.ts';
import { because } from './explanations.ts';

/** What arrives at the end of the wires: the answer, and optionally why. */
export interface WireAnswer {
  readonly payload?: unknown;
  readonly because?: unknown;
}

/** What the answer is about. */
export interface Asked {
  readonly view: AnyView;
  readonly neutral: number;
}

const Int32 = Type.Integer({ minimum: -2_147_483_648, maximum: 2_147_483_647 });
const LONGEST_RUN_MS = 31_536_000_000;
const LONGEST_REASON = 200;
const LARGEST_STATE = 256 * 1024;

/** An answer in its full form; `hold`, `runMs` and `job` exclude each other. */
const Wish = Type.Object(
  {
    hold: Type.Optional(Type.Unknown()),
    runMs: Type.Optional(Type.Integer({ minimum: 1, maximum: LONGEST_RUN_MS })),
    value: Type.Optional(Int32),
    job: Type.Optional(Type.Unknown()),
    state: Type.Optional(Type.Unknown()),
    wakeAt: Type.Optional(Type.Unknown()),
    because: Type.Optional(Type.Unknown()),
  },
  { additionalProperties: false },
);
type Wish = Static<typeof Wish>;

const checkWish = compileCheck(Wish, 'payload');
const MEMBERS = Object.keys(Wish.properties);

/** The decision that an answer stands for; throws RIPE_DECISION_INVALID naming the field. */
export function parseAnswer(answer: WireAnswer, asked: Asked): AnyDecision {
  try {
    const wish = wishOf(answer.payload);
    const { because: reason, ...action } = actionOf(wish, asked);
    const given = reasonOf('payload.because', wish.because) ?? reasonOf('because', answer.because);
    const decision = { ...kept(wish, asked.view.state), ...action, because: given ?? reason };
    return inPayload(() => parseDecision(decision));
  } catch (error) {
    if (!(error instanceof RipeError)) throw error;
    throw new RipeError('RIPE_DECISION_INVALID', error.params, error);
  }
}

/** The simple forms, as the full one: true, false or a number is held, `30 s` runs, nothing changes nothing. */
function wishOf(payload: unknown): Wish {
  if (payload === undefined || payload === null) return {};
  if (typeof payload === 'boolean' || typeof payload === 'number') return { hold: payload };
  if (typeof payload === 'string') return { runMs: durationOf(payload) };
  if (!isObject(payload))
    throw fieldError('payload', 'must be true, false, a whole number, a duration such as 30 s, or an object');
  const stranger = Object.keys(payload).find((name) => !MEMBERS.includes(name));
  if (stranger !== undefined)
    throw fieldError(`payload.${stranger}`, `is no part of an answer: it has ${MEMBERS.join(', ')}`);
  return inPayload(() => checkWish(payload));
}

function durationOf(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined || ms < 1 || ms > LONGEST_RUN_MS)
    throw fieldError('payload', 'must be a duration such as 30 s, 5 min or 1 h, of at most a year');
  return ms;
}

function actionOf(
  { hold, runMs, value, job }: Wish,
  asked: Asked,
): Pick<AnyDecision, 'hold' | 'job' | 'because'> {
  const actions = Object.entries({ hold, runMs, job }).filter(([, action]) => action !== undefined);
  if (actions.length > 1)
    throw fieldError(`payload.${actions[1]?.[0]}`, `cannot be together with ${actions[0]?.[0]}`);
  if (value !== undefined && runMs === undefined) throw fieldError('payload.value', 'goes with runMs only');
  if (hold !== undefined) return held(hold);
  if (runMs !== undefined) return run(runMs, value ?? 1, asked);
  if (job === 'cancel') return { job, because: because('cancelled') };
  if (job !== undefined) return { job: planOf(job, asked.neutral), because: because('planned') };
  return { because: because('unchanged') };
}

function held(hold: unknown): Pick<AnyDecision, 'hold' | 'because'> {
  const value = typeof hold === 'boolean' ? Number(hold) : hold;
  if (typeof value !== 'number' || !Number.isInteger(value) || value !== (value | 0))
    throw fieldError('payload.hold', 'must be true, false or a whole number of 32 bits');
  return { hold: value, because: because('held', { value }) };
}

/** A run that is on already goes on: else every dry reading would begin it anew, and the water would not stop. */
function run(runMs: number, value: number, { view, neutral }: Asked): { job?: Plan; because: Because } {
  if (view.job !== null) return { because: because('running') };
  return { job: runFor(runMs, value, neutral), because: because('run', { seconds: runMs / 1_000 }) };
}

function planOf(job: unknown, neutral: number): Plan {
  try {
    return parsePlan(job, neutral);
  } catch (error) {
    throw nested('payload.job', error);
  }
}

/** The state is a copy: what a function node still has in its hand, it may change later. */
function kept({ state, wakeAt }: Wish, former: Json): { state?: Json; wakeAt?: unknown } {
  const alarm = wakeAt === undefined ? {} : { wakeAt };
  if (state === undefined) return alarm;
  const text = stateText(state);
  // The same once more is nothing to write to the disk.
  return text === JSON.stringify(former) ? alarm : { ...alarm, state: JSON.parse(text) as Json };
}

function stateText(state: unknown): string {
  const text = jsonOf(state);
  if (text === undefined) throw fieldError('payload.state', 'must be JSON');
  if (text.length > LARGEST_STATE)
    throw fieldError('payload.state', `must not be longer than ${LARGEST_STATE} characters`);
  return text;
}

function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/** A plain text is a reason as well. */
function reasonOf(field: string, value: unknown): Because | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') {
    if (!isObject(value)) throw fieldError(field, 'must be a text, or an object with code and params');
    const check = () => parseDecision({ because: value }).because;
    return field === 'because' ? check() : inPayload(check);
  }
  if (value.trim() === '' || value.length > LONGEST_REASON)
    throw fieldError(field, `must be a text of 1 to ${LONGEST_REASON} characters`);
  return because('said', { reason: value });
}

/** Names a bad field as whoever wired the answer knows it. */
function inPayload<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw nested('payload', error);
  }
}

function nested(parent: string, error: unknown): unknown {
  if (!(error instanceof RipeError)) return error;
  const { field = '', reason = '' } = error.params;
  const isParent = field === 'payload' || field === 'plan' || field === 'decision';
  return fieldError(isParent ? parent : `${parent}.${field}`, String(reason));
}
