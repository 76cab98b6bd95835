import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { ERRORS, type ErrorCode, fieldError, fillIn, RipeError } from '../../../src/domain/errors.ts';

const codes = Object.keys(ERRORS) as ErrorCode[];

describe('the table of errors', () => {
  for (const code of codes) {
    it(`has a name, a status and a text for ${code}`, () => {
      const { status, text } = ERRORS[code];
      assert.match(code, /^RIPE_[A-Z]+(_[A-Z]+)*$/);
      assert.ok(status >= 400 && status <= 599);
      assert.match(text, /\S/);
    });
  }

  it('tells unknown sensors and wrong keys alike, with 400 (protocol §2)', () => {
    assert.equal(ERRORS.RIPE_AUTH_SENSOR.status, 400);
  });
});

describe('RipeError', () => {
  it('carries code, status, parameters, a filled-in message and its cause', () => {
    const cause = new Error('disk full');
    const error = new RipeError('RIPE_PLUGIN_TIMEOUT', { plugin: 'fern.js', ms: 250 }, cause);
    assert.equal(error.code, 'RIPE_PLUGIN_TIMEOUT');
    assert.equal(error.status, 500);
    assert.equal(error.message, 'fern.js: no answer within 250 ms');
    assert.equal(error.cause, cause);
    assert.deepEqual(error.params, { plugin: 'fern.js', ms: 250 });
  });

  it('has no cause where none is given', () => {
    assert.equal('cause' in new RipeError('RIPE_STARTING'), false);
  });

  it('names the bad field of an input', () => {
    const error = fieldError('moisture', 'must be a number');
    assert.equal(error.message, 'moisture: must be a number');
    assert.equal(error.status, 400);
  });
});

describe('fillIn', () => {
  it('replaces known names, also by null and 0, and leaves unknown ones', () => {
    assert.equal(fillIn('{a} {b} {c} {d}', { a: 0, b: null, c: 'x' }), '0 null x {d}');
  });

  it('fills nothing in twice', () => {
    assert.equal(fillIn('{a} {b}', { a: '{b}', b: '$&' }), '{b} $&');
  });
});
