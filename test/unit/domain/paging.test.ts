import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import {
  type Cursor,
  formatCursor,
  newestFirst,
  oldestFirst,
  type PageRequest,
  pageOf,
  parseCursor,
  type Slice,
} from '../../../src/domain/paging.ts';

interface Item {
  readonly at: number;
  readonly id: number;
}

const RANGE = { from: 10, until: 20 };
const timeOf = ({ at }: Item): number => at;

/** As a store answers: in order of time, those of one moment in order of their ids. */
function found(items: readonly Item[], { range, skip, most }: Slice, isNewestFirst: boolean): Item[] {
  const inRange = items
    .filter(({ at }) => at >= range.from && at < range.until)
    .sort((a, b) => a.at - b.at || a.id - b.id);
  return (isNewestFirst ? inRange.reverse() : inRange).slice(skip, skip + most);
}

/** Page after page, as a client asks that follows the links. */
function walk(items: readonly Item[], limit: number, isNewestFirst: boolean): Item[] {
  const all: Item[] = [];
  let after: Cursor | null = null;
  for (let pages = 0; pages <= items.length; pages += 1) {
    const page: PageRequest = { limit, after };
    const slice = (isNewestFirst ? newestFirst : oldestFirst)(RANGE, page);
    const { items: some, next } = pageOf(found(items, slice, isNewestFirst), page, timeOf);
    assert.ok(some.length <= limit);
    all.push(...some);
    if (next === null) return all;
    after = parseCursor(formatCursor(next), RANGE);
  }
  return assert.fail('the pages have no end');
}

describe('the pages of a list', () => {
  it('hold every item of the range once and in order, however many are of one moment', () => {
    const times = fc.array(fc.integer({ min: 8, max: 22 }), { maxLength: 30 });
    fc.assert(
      fc.property(times, fc.integer({ min: 1, max: 7 }), fc.boolean(), (all, limit, isNewestFirst) => {
        const items = all.map((at, id) => ({ at, id }));
        const whole = found(items, { range: RANGE, skip: 0, most: 99 }, isNewestFirst);
        assert.deepEqual(walk(items, limit, isNewestFirst), whole);
      }),
    );
  });

  for (const text of ['', '5', '9.0', '20.0', '15.', '15.x', '-15.0', '15.0.0', '1e1.0']) {
    it(`do not begin at ${JSON.stringify(text)}`, () => {
      assert.throws(() => parseCursor(text, RANGE), {
        code: 'RIPE_FIELD_INVALID',
        message: /^cursor: /,
      });
    });
  }
});
