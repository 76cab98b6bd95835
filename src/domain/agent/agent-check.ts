import Type, { type Static, type TSchema } from 'typebox';
import { compileCheck } from '../check.ts';
import { fieldError } from '../errors.ts';
import { LimitsSchema } from '../job/limits.ts';
import { Plan } from '../job/plan.ts';
import type { AgentType } from './agent-contract.ts';
import type { AnyDecision } from './agent-host.ts';
import type { AgentUi } from './agent-ui.ts';
import {
  type AnyControls,
  accepts,
  type Control,
  type IntSliderControl,
  type TimeSliderControl,
} from './settings-controls.ts';

const closed = { additionalProperties: false };
const Int32 = Type.Integer({ minimum: -2_147_483_648, maximum: 2_147_483_647 });
const Text = Type.Object({ en: Type.String(), de: Type.String() });
const Moment = Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000 });

const BecauseSchema = Type.Object({
  code: Type.String({ minLength: 1, maxLength: 64 }),
  params: Type.Optional(
    Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()])),
  ),
});

const DecisionSchema = Type.Object({
  state: Type.Optional(Type.Unknown()),
  hold: Type.Optional(Int32),
  job: Type.Optional(Type.Union([Plan, Type.Literal('cancel')])),
  wakeAt: Type.Optional(Type.Union([Moment, Type.Null()])),
  because: BecauseSchema,
});

const UiSchema = Type.Object({
  decorator: Type.Union([
    Type.Object({ TimePane: Type.Integer({ minimum: 1 }) }, closed),
    Type.Object({ Slider: Type.Tuple([Type.Number(), Type.Number(), Type.Number()]) }, closed),
    Type.Object({ Text: Type.Null() }, closed),
  ]),
  state: Type.Union([
    Type.Literal('Disabled'),
    Type.Literal('Ready'),
    Type.Literal('Error'),
    Type.Object({ Executing: Moment }, closed),
    Type.Object({ Stopped: Moment }, closed),
    Type.Object({ Forced: Moment }, closed),
  ]),
  rendered: Type.String({ minLength: 1, maxLength: 1000 }),
});

/** What an agent type says of itself, as plain data. */
export const AgentDescription = Type.Object({
  name: Type.String({ pattern: '^[A-Za-z][A-Za-z0-9_.-]{0,63}$' }),
  version: Type.String({ pattern: '^\\d+\\.\\d+\\.\\d+(?:[-+][0-9A-Za-z.+-]+)?$' }),
  apiVersion: Type.Literal(1),
  settings: Type.Record(
    Type.String(),
    Type.Object({ kind: Type.String(), key: Type.String({ minLength: 1, maxLength: 64 }), label: Text }),
  ),
  neutral: Int32,
  limits: Type.Optional(LimitsSchema),
  explanations: Type.Object({
    en: Type.Record(Type.String(), Type.String()),
    de: Type.Record(Type.String(), Type.String()),
  }),
});
export type AgentDescription = Static<typeof AgentDescription>;

const checkDecision = check<AnyDecision>(DecisionSchema, 'decision');
const checkUi = check<AgentUi>(UiSchema, 'render');
const checkShape = compileCheck(AgentDescription, 'agent type');

/** The decision of code that nobody here wrote; throws an error naming the field. */
export const parseDecision = (value: unknown): AnyDecision => checkDecision(value);

/** The face of an agent as clients can draw it: a slider's value lies within its bounds. */
export function parseUi(value: unknown): AgentUi {
  const ui = checkUi(value);
  if ('Slider' in ui.decorator) {
    const [lower, upper, position] = ui.decorator.Slider;
    if (lower > position || position > upper)
      throw fieldError('decorator.Slider', 'must be lower <= value <= upper');
  }
  return ui;
}

/** What an agent type must say of itself before its first event; throws an error naming the field. */
export function parseDescription(
  value: unknown,
): Omit<AgentType<unknown, unknown>, 'start' | 'decide' | 'render'> {
  const description = checkShape(value);
  const keys = new Set<string>();
  for (const [name, control] of Object.entries(description.settings)) {
    checkControl(`settings.${name}`, control as unknown as Control);
    if (keys.has(control.key)) throw fieldError(`settings.${name}.key`, 'is the key of another setting');
    keys.add(control.key);
  }
  return description as unknown as AgentType<unknown, unknown>;
}

const KINDS: readonly string[] = ['switch', 'dayTime', 'timeSlider', 'intSlider', 'number', 'choice', 'text'];

function checkControl(field: string, control: Control): void {
  if (!KINDS.includes(control.kind)) throw fieldError(`${field}.kind`, `must be one of ${KINDS.join(', ')}`);
  if (control.kind === 'choice' && !Array.isArray(control.options))
    throw fieldError(`${field}.options`, 'is missing');
  if (control.kind === 'intSlider' || control.kind === 'timeSlider') checkSlider(field, control);
  if (!accepts(control, control.default))
    throw fieldError(`${field}.default`, 'is not a value of this control');
}

/** The app reads all numbers of a slider as integers (protocol §4.4). */
function checkSlider(field: string, control: IntSliderControl | TimeSliderControl): void {
  const { lower, upper } = control;
  const steps = control.kind === 'timeSlider' ? control.steps : 1;
  for (const [name, value] of Object.entries({ lower, upper, steps })) {
    if (!Number.isInteger(value)) throw fieldError(`${field}.${name}`, 'must be an integer');
  }
  if (steps < 1) throw fieldError(`${field}.steps`, 'must be at least 1');
}

export type { AnyControls };

function check<Value>(schema: TSchema, root: string): (value: unknown) => Value {
  const checked = compileCheck(schema, root);
  return (value) => checked(value) as Value;
}
