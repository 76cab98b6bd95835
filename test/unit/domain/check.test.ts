import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import Type from 'typebox';
import { compileCheck } from '../../../src/domain/check.ts';
import { RipeError } from '../../../src/domain/errors.ts';

const check = compileCheck(
  Type.Object({ name: Type.String(), place: Type.Optional(Type.Object({ row: Type.Integer() })) }),
  'body',
);

const messageOf = (value: unknown): string => {
  try {
    check(value);
  } catch (error) {
    if (error instanceof RipeError) return error.message;
  }
  return 'no error';
};

describe('compileCheck', () => {
  it('gives back what is right, unknown members included', () => {
    const value = { name: 'Fern', other: 1 };
    assert.equal(check(value), value);
  });

  it('names what is missing', () => {
    assert.equal(messageOf({}), 'name: is missing');
    assert.equal(messageOf({ name: 'x', place: {} }), 'place.row: is missing');
  });

  it('names what is wrong, by its path', () => {
    assert.match(messageOf({ name: 5 }), /^name: must be string/);
    assert.match(messageOf({ name: 'x', place: { row: 0.5 } }), /^place\.row: must be integer/);
  });

  it('names a member that is not known, where only known ones are taken', () => {
    const strict = compileCheck(
      Type.Object({ a: Type.Optional(Type.Null()) }, { additionalProperties: false }),
      'body',
    );
    assert.throws(() => strict({ b: 1 }), { message: 'b: is not known' });
  });

  it('names the whole where all of it is wrong', () => {
    assert.match(messageOf(7), /^body: must be object/);
  });
});
