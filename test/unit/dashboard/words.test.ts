import assert from 'node:assert/strict';
import { agentTitle, Format } from '../../../dashboard/ui/words/format.ts';
import { de } from '../../../dashboard/ui/words/texts-de.ts';
import { en } from '../../../dashboard/ui/words/texts-en.ts';
import { ERRORS } from '../../../src/domain/errors.ts';

/** The paths of all texts below an object. */
const pathsOf = (texts: object, at = ''): string[] =>
  Object.entries(texts).flatMap(([name, text]) =>
    typeof text === 'object' ? pathsOf(text, `${at}${name}.`) : [`${at}${name}`],
  );

describe('The words of the page', () => {
  it('are the same texts in English and German', () => {
    assert.deepEqual(pathsOf(de).sort(), pathsOf(en).sort());
  });

  it('explain errors that there are', () => {
    assert.deepEqual(
      Object.keys(en.errors).filter((code) => !Object.hasOwn(ERRORS, code)),
      [],
    );
  });

  it('write figures and times as their language does', () => {
    assert.equal(new Format('en').quantity('temperature', 21.25), '21.3 °C');
    assert.equal(new Format('de').quantity('temperature', 21), '21,0 °C');
    assert.equal(new Format('de').quantity('light', 38_963), '38.963 lx');
    assert.equal(new Format('en').age(125_000), '2 min. ago');
    assert.equal(new Format('de').age(30_000), 'jetzt');
  });

  it('tell the day where it is not today, and the year where it is not this one', () => {
    const format = new Format('de');
    const now = new Date(2026, 10, 27, 12).getTime();
    assert.deepEqual(
      [new Date(2026, 10, 27, 8, 5), new Date(2026, 9, 3, 8, 5), new Date(2025, 9, 3, 8, 5)].map((date) =>
        format.moment(date.getTime(), now),
      ),
      ['08:05', '3. Okt., 08:05', '3. Okt. 2025, 08:05'],
    );
  });

  it('count down to the second, and name lengths shortly', () => {
    const format = new Format('en');
    assert.deepEqual(
      [0, 252_000, 3_900_000].map((ms) => format.countdown(ms)),
      ['0:00', '4:12', '1:05:00'],
    );
    assert.deepEqual(
      [10_000, 90_000, 300_000, 5_400_000, 7_200_000].map((ms) => format.duration(ms)),
      ['10 s', '90 s', '5 min', '1 h 30 min', '2 h'],
    );
  });

  it('call agents by what they are for', () => {
    assert.deepEqual(['01_Water', '02-Grow_light', '03_'].map(agentTitle), ['Water', 'Grow light', '03_']);
  });
});
