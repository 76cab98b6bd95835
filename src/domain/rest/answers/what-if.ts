import Type from 'typebox';
import { ControlsAnswer } from './agents.ts';
import { date } from './parts.ts';

const Spans = Type.Array(
  Type.Object({ from: date('When the actuator was switched on'), until: date('When it was neutral again') }),
);

/** The one that decides comes first. */
export const WhatIfVersions = Type.Array(
  Type.Object({
    version: Type.String(),
    source: Type.String({ description: 'Where its code came from: shipped, folder or palette' }),
    settings: Type.Record(Type.String(), Type.Unknown(), {
      description: 'Those of the agent, as this version would take them over',
    }),
    controls: ControlsAnswer,
  }),
);

export const WhatIfAnswer = Type.Object({
  version: Type.String({ description: 'The version that was replayed' }),
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
    { description: 'What it would have done with the version and the settings that were asked for' },
  ),
});
