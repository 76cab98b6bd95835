import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { csvLines } from '../../../src/domain/csv.ts';
import { prefersCsv } from '../../../src/domain/rest/media-type.ts';

describe('a CSV table', () => {
  it('has a line of names, then its rows, with quotes where they are needed (RFC 4180)', () => {
    const rows = [
      ['text', 'n', 'x'],
      ['a,b', 1.5, null],
      ['say "ü"', -2, true],
    ];
    assert.equal(csvLines(rows), 'text,n,x\r\n"a,b",1.5,\r\n"say ""ü""",-2,true\r\n');
    assert.equal(csvLines([]), '');
  });

  for (const [accept, wants] of [
    [undefined, false],
    ['*/*', false],
    ['application/json', false],
    ['text/csv', true],
    ['TEXT/CSV; charset=utf-8', true],
    ['text/html, text/csv;q=0.9, */*;q=0.1', true],
    ['text/csv;q=0.5, application/json', false],
    ['text/csv;q=0', false],
    ['text/csvx', false],
    [',;q=,', false],
  ] as const) {
    it(`is ${wants ? '' : 'not '}what Accept: ${accept} asks for`, () => {
      assert.equal(prefersCsv(accept), wants);
    });
  }
});
