import Type from 'typebox';

/** What several answers have in common. */

export const date = (description: string) => Type.String({ format: 'date-time', description });
/** Where there is nothing to say. */
export const Done = Type.Null();

export const BecauseAnswer = Type.Object({
  code: Type.String({ examples: ['below'] }),
  params: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()])),
});

/** What a hard limit has taken from a run or a held value. */
export const CutAnswer = Type.Union(
  [
    Type.Object({
      limit: Type.String({ examples: ['longestRunMs', 'dailyBudgetMs'] }),
      asked_ms: Type.Union([Type.Integer(), Type.Null()]),
      granted_ms: Type.Integer({ description: '0: it was refused' }),
    }),
    Type.Null(),
  ],
  { description: 'What a hard limit has taken from it, or null' },
);

/** Every answer that is no success. */
export const ErrorAnswer = Type.Object({
  error: Type.String({ description: 'What is wrong, for people' }),
  code: Type.String({ description: 'What is wrong, for programs: see docs/errors.md' }),
  field: Type.Optional(Type.String({ description: 'The field that is to blame, where one is' })),
});
