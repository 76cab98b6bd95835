import Type from 'typebox';
import { COMMAND_STATES } from '../../command/sensor-command.ts';
import { BecauseAnswer, CutAnswer, date } from './parts.ts';

export const CommandRow = Type.Object({
  domain: Type.String(),
  command: Type.Integer(),
  created_at: Type.String({ description: 'UTC, without a zone letter: 2024-07-11T20:15:01.123456' }),
});

export const DecisionAnswer = Type.Object({
  at: date('When it was taken'),
  domain: Type.String(),
  agent_name: Type.String(),
  version: Type.String({ description: 'Of the agent type that decided' }),
  event: Type.String({ description: 'What it was asked about', examples: ['reading', 'forced', 'woken'] }),
  because: BecauseAnswer,
  text: Type.String({ description: 'The reason in the language that was asked for' }),
  value: Type.Integer({ description: 'What the actuator was to hold then' }),
  job: Type.Union([Type.String(), Type.Null()], { description: 'The job that was planned, or null' }),
  cut: CutAnswer,
});
export const DecisionList = Type.Array(DecisionAnswer);

export const SensorCommandAnswer = Type.Object({
  id: Type.String({ description: 'As in its envelope' }),
  epoch: Type.Integer({ description: 'In which it was first sent' }),
  created_at: date('When it was made'),
  state: Type.Union(COMMAND_STATES.map((state) => Type.Literal(state))),
  state_at: date('Since when it is in that state'),
  agents: Type.Array(
    Type.Object({
      domain: Type.String(),
      value: Type.Integer(),
      neutral: Type.Integer({ description: 'The value that is safe' }),
      until: Type.Union([date('When the device goes neutral by itself'), Type.Null()], {
        description: 'When the device goes neutral by itself, as the command said first; null: it is neutral',
      }),
      leased: Type.Boolean({ description: 'Renewed for as long as the value is held' }),
      because: Type.Union([BecauseAnswer, Type.Null()]),
    }),
  ),
  observed: Type.Union([Type.Record(Type.String(), Type.Integer()), Type.Null()], {
    description: 'The values that the device has reported last, by domain',
  }),
  reason: Type.Union([Type.String(), Type.Null()], { description: 'Of a failure' }),
});
export const SensorCommandList = Type.Array(SensorCommandAnswer);
