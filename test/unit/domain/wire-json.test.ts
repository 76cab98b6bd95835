import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { double, wireJson } from '../../../src/domain/wire-json.ts';

describe('wireJson', () => {
  it('escapes everything that is not ASCII (protocol §2.1, trap 2)', () => {
    assert.equal(wireJson({ domain: '04_Lüftung 🌱' }), '{"domain":"04_L\\u00fcftung \\ud83c\\udf31"}');
    assert.equal(wireJson('\u007f\u2028'), '"\\u007f\\u2028"');
  });

  it('is ASCII for any value, and means the same', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = wireJson(value);
        assert.match(text, /^[\x20-\x7e]*$/);
        assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(value)));
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => assert.equal(JSON.parse(wireJson(text)), text)),
    );
  });
});

describe('double', () => {
  it('writes a slider as Dart reads it (protocol §2.1, trap 1)', () => {
    assert.equal(wireJson({ Slider: [0, 1, 0.5].map(double) }), '{"Slider":[0.0,1.0,0.5]}');
    assert.equal(wireJson([-0, -3, 1e21, 1e-7].map(double)), '[0.0,-3.0,1e+21,1e-7]');
  });

  it('writes any number so that it cannot be taken for an int', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = wireJson(double(value));
        assert.match(text, /[.e]/);
        assert.equal(Number(text), Object.is(value, -0) ? 0 : value);
      }),
    );
  });
});
