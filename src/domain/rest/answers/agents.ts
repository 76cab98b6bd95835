import Type from 'typebox';
import { ConfigValue } from '../../agent/settings-form.ts';
import { LimitsSchema } from '../../job/limits.ts';
import { BecauseAnswer, date } from './parts.ts';

/** Config of protocol §4.4, with labels. */
export const ConfigAnswer = Type.Record(Type.String(), Type.Tuple([Type.String(), ConfigValue]), {
  description: 'Label and value of each setting, by its key',
});

export const ControlsAnswer = Type.Record(
  Type.String(),
  Type.Object({ kind: Type.String(), key: Type.String(), label: Type.String() }),
  { description: 'kind: switch, dayTime, timeSlider, intSlider, number, choice or text; with its bounds' },
);

const LockoutAnswer = Type.Union([
  Type.Object({ at: Type.Integer(), failures: Type.Integer(), reason: Type.String() }),
  Type.Null(),
]);

/** Settings by their plain names, with the control that each is drawn as; durations are ms. */
export const SettingsAnswer = Type.Object({
  agent_name: Type.String(),
  settings: Type.Record(Type.String(), Type.Unknown()),
  controls: ControlsAnswer,
  limits: Type.Required(LimitsSchema, { description: 'The hard limits that count' }),
  own_limits: LimitsSchema,
  lockout: LockoutAnswer,
});

export const AgentOfSensor = Type.Object({
  domain: Type.String(),
  agent_name: Type.String(),
  version: Type.String({ description: 'Of the agent type that decides for it' }),
  parked: Type.Union([Type.String(), Type.Null()], {
    description: 'Why it does not decide at present, or null',
  }),
  behind: Type.Union([Type.String(), Type.Null()], {
    description: 'Why it keeps an earlier version than the one in service, or null',
  }),
  value: Type.Integer({ description: 'What its actuator is told to hold now' }),
  neutral: Type.Integer({ description: 'The value that is safe' }),
  until: Type.Union([date('When the job sets another value'), Type.Null()]),
  job: Type.Union([
    Type.Object({
      id: Type.String(),
      started_at: date('Its start'),
      ends_at: date('Its end, after every limit'),
    }),
    Type.Null(),
  ]),
  because: Type.Union([BecauseAnswer, Type.Null()]),
  text: Type.Union([Type.String(), Type.Null()], {
    description: 'The reason in the language that was asked for',
  }),
  decided_at: Type.Union([date('Of its newest decision since the start'), Type.Null()]),
  wake_at: Type.Union([date('When it wants to decide next'), Type.Null()]),
  settings: Type.Record(Type.String(), Type.Unknown()),
  controls: Type.Union([ControlsAnswer, Type.Null()], {
    description: 'null while its agent type is not loaded',
  }),
  limits: Type.Required(LimitsSchema, { description: 'The hard limits that count' }),
  own_limits: LimitsSchema,
  lockout: LockoutAnswer,
});
export const AgentsOfSensor = Type.Array(AgentOfSensor);
