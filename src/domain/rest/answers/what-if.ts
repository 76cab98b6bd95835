import Type from 'typebox';
import { date } from './parts.ts';

const Spans = Type.Array(
  Type.Object({ from: date('When the actuator was switched on'), until: date('When it was neutral again') }),
);

export const WhatIfAnswer = Type.Object({
  from: date('Where the replay begins'),
  until: date('Where it ends: now'),
  readings: Type.Integer({
    description: 'How many readings were replayed; of very many, 30-minute rows are',
  }),
  did: Type.Object(
    { spans: Spans },
    { description: 'What the agent did by itself; runs by hand are left out' },
  ),
  would: Type.Object(
    { spans: Spans },
    { description: 'What it would have done with the settings that were asked' },
  ),
});
