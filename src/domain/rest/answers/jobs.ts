import Type from 'typebox';
import { Plan } from '../../job/plan.ts';
import { BecauseAnswer, CutAnswer, date } from './parts.ts';

const orNull = (description: string) => Type.Union([date(description), Type.Null()]);

export const JobAnswer = Type.Object({
  id: Type.String(),
  domain: Type.Union([Type.String(), Type.Null()], { description: 'The agent whose actuator it sets' }),
  state: Type.Union(
    ['planned', 'queued', 'running', 'ending', 'ended'].map((state) => Type.Literal(state)),
    {
      description:
        'planned: not yet begun. queued: waits for its supply. ending: its last step is on the way to the device',
    },
  ),
  plan: Plan,
  neutral: Type.Integer({ description: 'The value that it ends with' }),
  because: Type.Union([BecauseAnswer, Type.Null()]),
  cut: CutAnswer,
  created_at: date('When it was asked for'),
  started_at: orNull('When it began'),
  delayed_ms: Type.Integer({ description: 'How long it has waited since then' }),
  ends_at: orNull('When it ends, after every limit; an estimate while it waits'),
  ended_at: orNull('When it ended'),
  outcome: Type.Union([
    ...['finished', 'cancelled', 'refused'].map((outcome) => Type.Literal(outcome)),
    Type.Null(),
  ]),
  reason: Type.Union([Type.String(), Type.Null()], { description: 'Why it was cancelled or refused' }),
});
export const JobList = Type.Array(JobAnswer);
